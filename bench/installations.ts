import type { Sandbox } from '../sandbox';
import { makerOf } from './deliveries';
import type { Installation, SetUp } from './installation';
import { defaults, installQueue, installSingle, recommended } from './installation';
import type { Measurement } from './measure';
import { compare } from './measure';
import type { Comparison, Plan } from './plan';
import type { Rival, RivalName } from './rivals';
import { publishRival } from './rivals';

const usualConnections = 10;

/** One installation of n8n after the other, each with every comparison that the plan has for it. */
export async function measureInstallations({
	plan,
	sandbox,
	tarball,
	queue,
}: {
	plan: Plan;
	sandbox: Sandbox;
	tarball: string;
	/** Whether queue mode can be had. */
	queue: boolean;
}): Promise<Measurement[]> {
	const setUp = (env: Record<string, string>): SetUp => ({ tarball, sandbox, env });
	const single = (env: Record<string, string>) => () => installSingle(setUp(env));
	const steps: Array<[() => Promise<Installation>, Comparison[]]> = [
		[single(recommended), plan.recommended],
		[single(defaults), plan.defaults],
		...plan.settings.map((env): [() => Promise<Installation>, Comparison[]] => [
			single({ ...defaults, ...env }),
			[plan.settingsComparison],
		]),
	];
	for (const size of queue ? plan.queueSizes : []) {
		const { size: recipeSize, comparison } = plan.queueRecipe;
		const comparisons = size === recipeSize ? [plan.queue, comparison] : [plan.queue];
		steps.push([() => installQueue(setUp(recommended), size), comparisons]);
	}

	const measurements: Measurement[] = [];
	for (const [install, comparisons] of steps) {
		const installation = await install();
		try {
			measurements.push(...(await measureAll(installation, comparisons, plan, sandbox)));
		} finally {
			await installation.close();
		}
	}
	return measurements;
}

async function measureAll(
	installation: Installation,
	comparisons: Comparison[],
	plan: Plan,
	sandbox: Sandbox,
): Promise<Measurement[]> {
	const rivals = new Map<RivalName, Rival>();
	const { credential, headerAuth, client } = installation;
	const setting = { credential, headerAuth, signingSecret: sandbox.signingSecret };
	for (const name of new Set(comparisons.flatMap(({ counts }) => names(counts)))) {
		rivals.set(name, await publishRival(client, name, setting));
	}

	const { signingSecret } = sandbox;
	await compare(installation, [...rivals.values()], {
		size: 'small',
		kind: 'genuine',
		make: await makerOf(sandbox, 'small'),
		signingSecret,
		counts: Object.fromEntries(
			[...rivals.keys()].map((name) => [
				name,
				plan.warmUp + (name === 'trigger' ? plan.memories : 0),
			]),
		),
		connections: usualConnections,
		rounds: 1,
	});

	const measurements: Measurement[] = [];
	for (const comparison of comparisons) {
		const measured = await compare(
			installation,
			names(comparison.counts).map((name) => rivals.get(name)!),
			{
				connections: usualConnections,
				...comparison,
				make: await makerOf(sandbox, comparison.size),
				signingSecret,
			},
		);
		for (const one of measured) show(one);
		measurements.push(...measured);
	}
	return measurements;
}

const names = (counts: Comparison['counts']) => Object.keys(counts) as RivalName[];

function show({ settings, size, kind, rival, perSecond, cpuMs }: Measurement): void {
	const { median, min, max } = perSecond;
	const cpu = cpuMs ? `, ${cpuMs.median} ms of CPU each` : '';
	console.log(`${settings} · ${size} ${kind} · ${rival}: ${median}/s (${min} to ${max})${cpu}`);
}
