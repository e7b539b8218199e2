/** A release of n8n that the tests use, with what is needed to install it. */
export interface Release {
	/** Major versions of Node.js that this n8n supports. If the running one is not among them, `node` is downloaded. */
	nodeMajors: number[];
	/** The version of Node.js to download. */
	node: string;
	/** Dependencies whose published version cannot be installed from the npm registry alone. */
	overrides: Record<string, string>;
	/** Packages with native code. All others are installed without their install scripts. */
	nativePackages: string[];
}

export const releases = {
	'2.41.1': {
		nodeMajors: [24],
		node: '24.21.0',
		overrides: { linkedom: '0.18.13' },
		nativePackages: ['sqlite3', 'isolated-vm'],
	},
	'2.35.7': {
		nodeMajors: [22],
		node: '22.23.3',
		overrides: { linkedom: '0.18.13' },
		nativePackages: ['sqlite3', 'isolated-vm'],
	},
	'2.23.4': {
		nodeMajors: [22],
		node: '22.23.3',
		overrides: { xlsx: '0.18.5' },
		nativePackages: ['sqlite3', 'isolated-vm'],
	},
	'2.8.4': {
		nodeMajors: [20, 22],
		node: '20.20.2',
		overrides: { xlsx: '0.18.5' },
		nativePackages: ['sqlite3'],
	},
} satisfies Record<string, Release>;

/** The tools with which n8n checks packages before it verifies them: its node CLI and its scanner. */
export const checkers = {
	dependencies: { '@n8n/node-cli': '0.48.3', '@n8n/scan-community-package': '0.32.0' },
	// A gigabyte that only AI nodes need. Any small package can replace it.
	overrides: { '@n8n/ai-node-sdk': 'npm:picocolors@1.0.1' },
};

export type N8nVersion = keyof typeof releases;

export const currentVersion: N8nVersion = '2.41.1';

export function isN8nVersion(value: string): value is N8nVersion {
	return value in releases;
}
