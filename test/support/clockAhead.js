/** Loaded before n8n: its clock is so many milliseconds ahead. Timers run as ever. */
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const RealDate = Date;
global.Date = new Proxy(RealDate, {
	apply: () => new Date().toString(),
	construct: (target, parts, newTarget) =>
		Reflect.construct(target, parts.length > 0 ? parts : [target.now() + ahead], newTarget),
	get: (target, name) =>
		name === 'now' ? () => target.now() + ahead : Reflect.get(target, name, target),
});
