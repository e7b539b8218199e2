/** Loaded into n8n: what it answers to webhooks is sent half a second late. */
const { ServerResponse } = require('node:http');

const { end } = ServerResponse.prototype;
ServerResponse.prototype.end = function (...args) {
	if (!/^\/webhook\//.test(this.req?.originalUrl ?? this.req?.url ?? '')) {
		return end.apply(this, args);
	}
	setTimeout(() => end.apply(this, args), 500);
	return this;
};
