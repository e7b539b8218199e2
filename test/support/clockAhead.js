/** Loaded before n8n: its clock is so many milliseconds ahead. Timers run as ever. */
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const RealDate = Date;
const realNow = RealDate.now.bind(RealDate);
RealDate.now = () => realNow() + ahead;
global.Date = new Proxy(RealDate, {
	apply: () => new Date().toString(),
	construct: (target, parts, newTarget) =>
		Reflect.construct(target, parts.length > 0 ? parts : [realNow() + ahead], newTarget),
});
