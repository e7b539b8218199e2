/** Loaded before n8n: its clock is so many milliseconds ahead, and so many times as fast. Timers run as ever. */
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);
const speed = Number(process.env.CLOCK_SPEED ?? 1);
const RealDate = Date;
const realNow = RealDate.now.bind(RealDate);
const start = realNow();
const now = () => Math.round(start + ahead + (realNow() - start) * speed);
RealDate.now = now;
global.Date = new Proxy(RealDate, {
	apply: () => new Date().toString(),
	construct: (target, parts, newTarget) =>
		Reflect.construct(target, parts.length > 0 ? parts : [now()], newTarget),
});
