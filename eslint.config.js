/**
 * ESLint prefers this file to eslint.config.mjs, which must be an unchanged copy of n8n's template because of n8n's
 * strict mode. This file has every rule of the template for the published code, and more. test/install/rules.test.ts
 * applies the template alone.
 */
const { configs: communityNodes } = require('@n8n/eslint-plugin-community-nodes');
const nodesBase = require('eslint-plugin-n8n-nodes-base');
const { defineConfig, globalIgnores } = require('eslint/config');
const tseslint = require('typescript-eslint');
const ts = require('typescript');
const layers = require('./layers.cjs');

const nodesBasePlugin = { 'n8n-nodes-base': nodesBase };

const N8N_TYPES_ONLY = {
	regex: '^n8n-workflow$',
	allowTypeImports: true,
	message: 'Only n8n/ and fields/ may import values from n8n-workflow; import types only.',
};

/** Reports tsc's errors from the program that typed rules need anyway, because a separate tsc run takes as long again. */
const types = {
	create: (context) => ({
		Program(node) {
			const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices;
			const file = esTreeNodeToTSNodeMap.get(node);
			for (const { start = 0, code, messageText } of ts.getPreEmitDiagnostics(program, file)) {
				context.report({
					loc: context.sourceCode.getLocFromIndex(start),
					message: `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
				});
			}
		},
	}),
};

const LAYERS = layers.LAYERS.map((folders) => Object.keys(folders));

const importRules = LAYERS.flatMap((folders, level) =>
	folders.map((folder) => {
		const below = LAYERS.slice(level + 1).flat();
		const forbidden = LAYERS.flat().filter((other) => other !== folder && !below.includes(other));
		const indexOnly = layers.INDEX_ONLY.filter((other) => other !== folder);
		return {
			files: [`nodes/Terra/${folder}/**/*.ts`],
			rules: {
				'@typescript-eslint/no-restricted-imports': [
					'error',
					{
						patterns: [
							{
								regex: `^(\\.\\./)+(${forbidden.join('|')})(/|$)`,
								message:
									'A folder imports only from the layers below its own: see CONTRIBUTING.md.',
							},
							{
								regex: `^(\\.\\./)+(${indexOnly.join('|')})/`,
								message: 'Import from the index.ts of this folder.',
							},
							...(layers.USE_N8N.includes(folder) ? [] : [N8N_TYPES_ONLY]),
						],
					},
				],
			},
		};
	}),
);

module.exports = defineConfig(
	globalIgnores(['dist', '.runtime', '.reports', 'coverage', 'nodes/Terra/pictures/roboto.js']),

	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommended],
		plugins: { typescript: { rules: { types } } },
		languageOptions: {
			parserOptions: { project: 'tsconfig.dev.json', tsconfigRootDir: __dirname },
		},
		rules: {
			'typescript/types': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			eqeqeq: 'error',
			'no-console': 'error',
		},
	},
	{
		// Command-line programs.
		files: ['playground/**', 'bench/**', 'confirm/{main,confirm}.ts', 'sandbox/main.ts'],
		rules: { 'no-console': 'off' },
	},

	{
		// Tests read untyped JSON.
		files: ['test/**'],
		rules: {
			'@typescript-eslint/no-explicit-any': 'off',
			'no-restricted-globals': ['error', { name: 'test', message: 'Use it() instead.' }],
		},
	},

	// Published code: every rule of both n8n rule sets.
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [communityNodes.recommended],
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: nodesBasePlugin,
		rules: {
			...nodesBase.configs.nodes.rules,
			// n8n's own tool and scanner turn these off too: they contradict the newer rules above.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: nodesBasePlugin,
		rules: {
			...nodesBase.configs.credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['package.json'],
		extends: [communityNodes.recommended],
		plugins: nodesBasePlugin,
		// These rules parse package.json as TypeScript.
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
		rules: nodesBase.configs.community.rules,
	},

	...importRules,
	{
		files: ['nodes/**/*.ts'],
		rules: {
			'no-restricted-syntax': [
				'error',
				{
					selector: 'ThrowStatement > NewExpression[callee.name=/^(Type|Range)?Error$/]',
					message: 'Throw a UserError, which tells the user what to do.',
				},
			],
		},
	},
);
