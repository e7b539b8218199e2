/** Answers 401 at once, to measure n8n's own cost of refusing a request. */
exports.EmptyTrigger = class {
	description = {
		displayName: 'Empty Trigger',
		name: 'emptyTrigger',
		group: ['trigger'],
		// For version 1 n8n evaluates an expression on every request.
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
