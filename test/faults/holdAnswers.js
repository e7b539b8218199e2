/** Preloaded into n8n: delays its answers to webhooks by half a second. */
const { ServerResponse } = require('node:http');

const { end } = ServerResponse.prototype;
ServerResponse.prototype.end = function (...args) {
	if (!/^\/webhook\//.test(this.req?.originalUrl ?? this.req?.url ?? '')) {
		return end.apply(this, args);
	}
	setTimeout(() => end.apply(this, args), 500);
	return this;
};
