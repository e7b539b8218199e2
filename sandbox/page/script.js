const el = (tag, properties = {}, ...children) => {
	const node = Object.assign(document.createElement(tag), properties);
	node.append(...children);
	return node;
};
const byId = (id) => document.getElementById(id);
const button = (textContent, className = '') =>
	el('button', { type: 'button', textContent, className });

async function call(method, path, body) {
	const response = await fetch('/sandbox' + path, {
		method,
		headers: body === undefined ? {} : { 'content-type': 'application/json' },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	const answer = await response.json();
	if (!response.ok) throw new Error(answer.detail);
	return answer;
}

/** Shows the result of an action in `node`, and keeps it up to date while a delivery is retried. */
function resultIn(node) {
	let watched;
	const say = (text, tone = '') => {
		watched = undefined;
		node.textContent = text;
		node.className = `result ${tone}`;
	};
	return {
		say,
		follow(delivery, otherwise) {
			if (!delivery) return say(otherwise, 'wait');
			watched = delivery.traceId;
		},
		update({ deliveries }) {
			const found = deliveries.find(({ traceId }) => traceId === watched);
			if (!found) return;
			node.textContent = `${found.what}: ${found.answer}`;
			node.className = `result ${found.tone}`;
		},
	};
}
const NO_ADDRESS = 'Kept in the history: there is no address to send it to.';

/** Runs a button's action and shows any error next to the button. */
async function act(pressed, result, action) {
	pressed.disabled = true;
	result.say('…');
	try {
		await action();
	} catch (error) {
		result.say(error.message, 'bad');
	} finally {
		pressed.disabled = false;
		await refresh().catch(() => {});
	}
}

function copyButton(text) {
	const copy = button('Copy', 'small');
	copy.addEventListener('click', async () => {
		await navigator.clipboard.writeText(text);
		copy.textContent = 'Copied';
		setTimeout(() => (copy.textContent = 'Copy'), 1200);
	});
	return copy;
}

function checkbox(text) {
	const input = el('input', { type: 'checkbox' });
	return { input, label: el('label', {}, input, text) };
}

const RENAMED = ' (renamed)';
const DELETED = 4;

function athleteCard(user) {
	const indoor = checkbox('indoor');
	const samples = checkbox('with samples');
	const finish = button('Finish a ride', 'main');
	const update = button('Update this ride');
	const remove = button('Delete it');
	const disconnect = button('Disconnect', 'small');
	const status = el('span', { className: 'result', role: 'status' });
	const result = resultIn(status);
	const name = el('b');
	const last = el(
		'div',
		{ className: 'row last' },
		el('span', {}, 'Last ride: ', name),
		update,
		remove,
	);
	const send = (pressed, path, body) =>
		act(pressed, result, async () =>
			result.follow((await call('POST', path, body())).delivery, NO_ADDRESS),
		);
	let { lastRide } = user;
	const change = (metadata) => ({
		userId: user.user_id,
		summaryId: lastRide.summaryId,
		change: { metadata },
	});
	finish.addEventListener('click', () =>
		send(finish, '/rides', () => ({
			userId: user.user_id,
			indoor: indoor.input.checked,
			withSamples: samples.input.checked,
		})),
	);
	update.addEventListener('click', () =>
		send(update, '/updates', () =>
			change({
				name: lastRide.name.endsWith(RENAMED)
					? lastRide.name.slice(0, -RENAMED.length)
					: lastRide.name + RENAMED,
			}),
		),
	);
	remove.addEventListener('click', () =>
		send(remove, '/updates', () => change({ upload_type: DELETED })),
	);
	disconnect.addEventListener('click', () =>
		act(disconnect, connected, async () => {
			const { delivery } = await call('POST', '/disconnect', { userId: user.user_id });
			connected.follow(delivery, 'Disconnected. There is no address to notify.');
		}),
	);
	const node = el(
		'div',
		{ className: 'athlete' },
		el(
			'div',
			{ className: 'row' },
			el('b', { textContent: user.reference_id ?? 'no reference ID' }),
			el('span', { className: 'badge', textContent: user.provider }),
		),
		el('div', { className: 'row' }, finish, indoor.label, samples.label),
		status,
		last,
		el(
			'div',
			{ className: 'row' },
			el('code', { textContent: user.user_id }),
			copyButton(user.user_id),
			disconnect,
		),
	);
	return {
		node,
		show(now, state) {
			({ lastRide } = now);
			last.hidden = !lastRide;
			name.textContent = lastRide && lastRide.name + (lastRide.isDeleted ? ' (deleted)' : '');
			update.hidden = remove.hidden = !lastRide || lastRide.isDeleted;
			result.update(state);
		},
	};
}

function deliveryRow(delivery) {
	const again = button('Send again', 'small');
	again.hidden = !delivery.canResend;
	again.addEventListener('click', () =>
		act(again, { say: () => {} }, () => call('POST', '/resend', { traceId: delivery.traceId })),
	);
	const cell = (className, textContent) => el('td', { className, textContent });
	return el(
		'tr',
		{ title: delivery.traceId },
		cell('time', new Date(delivery.createdAt).toLocaleTimeString()),
		cell('what', delivery.what),
		cell('athlete-name', delivery.athlete),
		cell(`answer ${delivery.tone}`, delivery.answer.slice(0, 300)),
		cell('tries', String(delivery.attempts.length)),
		el('td', {}, again),
	);
}

const resultOf = (id) =>
	resultIn(byId(id).parentElement.querySelector(`#${id} .result, #${id} ~ .result`));
const connected = resultOf('connect');
const saved = resultOf('destination');
const silenced = resultOf('silence');
const cards = new Map();
let deliveriesShown = '';

function showAthletes(state) {
	for (const [id, { node }] of cards) {
		if (state.users.some(({ user_id }) => user_id === id)) continue;
		node.remove();
		cards.delete(id);
	}
	for (const user of state.users) {
		if (!cards.has(user.user_id)) {
			const card = athleteCard(user);
			cards.set(user.user_id, card);
			byId('athletes').append(card.node);
		}
		cards.get(user.user_id).show(user, state);
	}
	connected.update(state);
}

function showDestination({ destination, firstDestination }) {
	const field = byId('destination').elements.url;
	if (document.activeElement !== field) field.value = destination ?? '';
	byId('first-destination').hidden = !firstDestination || destination === firstDestination;
	const n8n = destination ?? firstDestination;
	byId('n8n').hidden = !n8n;
	if (n8n) byId('n8n').href = new URL(n8n).origin;
}

function showSilence({ silentSeconds }) {
	byId('silence').textContent =
		silentSeconds > 0 ? 'Answer again' : 'Stop answering for 30 seconds';
	if (silentSeconds > 0) silenced.say(`Terra is down for another ${silentSeconds} s.`, 'wait');
	else silenced.say('Terra is up.', 'good');
	byId('silence').dataset.seconds = silentSeconds > 0 ? '0' : '30';
}

function showCredentials({ devId, apiKey, signingSecret, apiBase }) {
	if (byId('credentials').children.length > 0) return;
	const values = {
		'Developer ID': devId,
		'API Key': apiKey,
		'Signing Secret': signingSecret,
		'Base URL': apiBase,
	};
	for (const [name, value] of Object.entries(values)) {
		byId('credentials').append(
			el('dt', { textContent: name }),
			el('dd', { className: 'row' }, el('code', { textContent: value }), copyButton(value)),
		);
	}
}

async function refresh() {
	const state = await call('GET', '/state');
	byId('trouble').textContent = '';
	showAthletes(state);
	showDestination(state);
	showSilence(state);
	showCredentials(state);
	// Rebuilding rows loses the keyboard focus, so do it only when they change.
	const deliveries = JSON.stringify(state.deliveries);
	if (deliveries !== deliveriesShown) {
		deliveriesShown = deliveries;
		byId('deliveries').replaceChildren(...state.deliveries.map(deliveryRow));
	}
	byId('deliveries').parentElement.hidden = state.deliveries.length === 0;
	byId('nothing').hidden = state.deliveries.length > 0;
}

const saveDestination = (pressed, url) =>
	act(pressed, saved, async () => {
		document.activeElement.blur();
		await call('POST', '/destination', { url: url === '' ? null : url });
		saved.say(url === '' ? 'Removed: rides stay in the history.' : 'Saved.', 'good');
	});

byId('destination').addEventListener('submit', (event) => {
	event.preventDefault();
	const form = event.currentTarget;
	void saveDestination(form.querySelector('button'), form.elements.url.value.trim());
});
byId('first-destination').addEventListener('click', async () => {
	const { firstDestination } = await call('GET', '/state');
	void saveDestination(byId('first-destination'), firstDestination);
});
byId('connect').addEventListener('submit', (event) => {
	event.preventDefault();
	const { reference, provider } = event.currentTarget.elements;
	void act(event.currentTarget.querySelector('button'), connected, async () => {
		const { delivery } = await call('POST', '/connect', {
			reference_id: reference.value.trim(),
			provider: provider.value,
		});
		reference.value = '';
		connected.follow(delivery, 'Connected. There is no address to notify.');
	});
});
byId('silence').addEventListener('click', () =>
	act(byId('silence'), silenced, () =>
		call('POST', '/silence', { seconds: Number(byId('silence').dataset.seconds) }),
	),
);

async function keepFresh() {
	await refresh().catch(() => (byId('trouble').textContent = 'The sandbox does not answer.'));
	setTimeout(keepFresh, 1500);
}
void keepFresh();
