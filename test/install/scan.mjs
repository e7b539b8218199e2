import * as communityNodes from '@n8n/eslint-plugin-community-nodes';
import { ESLint } from 'eslint';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/**
 * `node scan.mjs <folder> <sources|package>`: the check that n8n makes before it lists a package. n8n's own tool works
 * only on published packages. Prints the violations as JSON. It is stricter than n8n: every rule is on, recommended or
 * not, a warning counts as an error, and comments that disable rules are ignored.
 */
const [folder, kind] = process.argv.slice(2);

const files = {
	sources: ['package.json', '{nodes,credentials}/**/*.{js,ts,json}'],
	package: ['**/*.js', 'package.json'],
}[kind];

const { n8nCommunityNodesPlugin: plugin } = communityNodes;

const everyRule = Object.fromEntries(
	Object.entries(plugin.rules)
		.filter(([, rule]) => !rule.meta.deprecated)
		.map(([name]) => [`@n8n/community-nodes/${name}`, 'error']),
);

const { community, credentials, nodes } = nodesBase.configs;

/** The five rules that n8n's tools switch off, since newer rules above contradict them. */
const except = (...names) =>
	Object.fromEntries(names.map((name) => [`n8n-nodes-base/${name}`, 'off']));

const config = [
	{
		plugins: { '@n8n/community-nodes': plugin, 'n8n-nodes-base': nodesBase },
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
	},
	{
		files: ['**/*.{js,ts,json}'],
		rules: { ...everyRule, 'no-console': 'error' },
	},
	{ files: ['package.json'], rules: community.rules },
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...credentials.rules,
			...except(
				'cred-class-field-documentation-url-miscased',
				'cred-class-field-type-options-password-missing',
			),
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...nodes.rules,
			...except(
				'node-class-description-inputs-wrong-regular-node',
				'node-class-description-outputs-wrong',
				'node-param-type-options-max-value-present',
			),
		},
	},
];

const eslint = new ESLint({
	cwd: folder,
	allowInlineConfig: false,
	overrideConfigFile: true,
	overrideConfig: config,
	// By default ESLint ignores built files everywhere except in node_modules.
	errorOnUnmatchedPattern: true,
});
const results = await eslint.lintFiles(files);
const violations = results.flatMap(({ filePath, messages }) =>
	messages.map(
		({ line, ruleId, message }) =>
			`${filePath.slice(folder.length + 1)}:${line} ${ruleId}: ${message}`,
	),
);
process.stdout.write(
	JSON.stringify({ files: results.length, rules: Object.keys(everyRule).length, violations }),
);
