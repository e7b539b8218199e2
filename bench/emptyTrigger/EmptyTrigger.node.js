/** What n8n itself costs to refuse a request: a node that answers 401 at once. */
exports.EmptyTrigger = class {
	description = {
		displayName: 'Empty Trigger',
		name: 'emptyTrigger',
		group: ['trigger'],
		// At exactly 1 n8n evaluates an expression on every request.
		version: 1.1,
		description: 'Refuses everything',
		defaults: { name: 'Empty Trigger' },
		inputs: [],
		outputs: ['main'],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'webhook',
			},
		],
		properties: [],
	};

	async webhook() {
		this.getResponseObject().status(401).send('refused');
		return { noWebhookResponse: true };
	}
};
