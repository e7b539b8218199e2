import * as communityNodes from '@n8n/eslint-plugin-community-nodes';
import { ESLint } from 'eslint';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/**
 * `node scan.mjs <folder> <sources|package>`: the check that n8n makes before it lists a package, whose own tool
 * works only on what is published already. Prints the violations as JSON. Stricter in one point: every rule is on,
 * the recommended or not, and a warning counts as much as an error. Comments that switch rules off are ignored.
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

/** The five that n8n's tools switch off: they contradict newer ones among the rules above. */
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
	// Built files are ignored by default in no folder but node_modules.
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
