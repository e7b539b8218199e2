/**
 * ESLint takes this file before eslint.config.mjs, which is n8n's template word for word: its strict mode insists on
 * it. Here is every rule of the template for what is published, and more; test/install/rules.test.ts applies the
 * template alone.
 */
const { configs: communityNodes } = require('@n8n/eslint-plugin-community-nodes');
const nodesBase = require('eslint-plugin-n8n-nodes-base');
const { defineConfig, globalIgnores } = require('eslint/config');
const tseslint = require('typescript-eslint');
const ts = require('typescript');
const rooms = require('./rooms.cjs');

const nodesBasePlugin = { 'n8n-nodes-base': nodesBase };

const N8N_TYPES_ONLY = {
	regex: '^n8n-workflow$',
	allowTypeImports: true,
	message: "Values of n8n's belong into n8n/ and fields/.",
};

/** What `tsc` says, of the program that other rules have had checked: to do so a second time takes as long again. */
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

const FLOORS = rooms.FLOORS.map((floor) => Object.keys(floor));

const importsOfRooms = FLOORS.flatMap((floor, level) =>
	floor.map((room) => {
		const below = FLOORS.slice(level + 1).flat();
		const others = FLOORS.flat().filter((other) => other !== room && !below.includes(other));
		const faced = rooms.FACED.filter((other) => other !== room);
		return {
			files: [`nodes/Terra/${room}/**/*.ts`],
			rules: {
				'@typescript-eslint/no-restricted-imports': [
					'error',
					{
						patterns: [
							{
								regex: `^(\\.\\./)+(${others.join('|')})(/|$)`,
								message: 'A room imports only from the rooms below it: see CONTRIBUTING.md.',
							},
							{
								regex: `^(\\.\\./)+(${faced.join('|')})/`,
								message: 'Import from the index.ts of this room.',
							},
							...(rooms.USE_N8N.includes(room) ? [] : [N8N_TYPES_ONLY]),
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
		// These talk to a person in a terminal.
		files: ['playground/**', 'bench/**', 'confirm/{main,confirm}.ts', 'sandbox/main.ts'],
		rules: { 'no-console': 'off' },
	},

	{
		// Tests read JSON that has no type.
		files: ['test/**'],
		rules: {
			'@typescript-eslint/no-explicit-any': 'off',
			'no-restricted-globals': ['error', { name: 'test', message: 'Tests are written with it().' }],
		},
	},

	// What is published: every rule of n8n's own two rule sets.
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [communityNodes.recommended],
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: nodesBasePlugin,
		rules: {
			...nodesBase.configs.nodes.rules,
			// The same exceptions as n8n's own tool and scanner make: these contradict the newer rules above.
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
		// The rules read package.json as if it were TypeScript.
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
		rules: nodesBase.configs.community.rules,
	},

	...importsOfRooms,
	{
		files: ['nodes/**/*.ts'],
		rules: {
			'no-restricted-syntax': [
				'error',
				{
					selector: 'ThrowStatement > NewExpression[callee.name=/^(Type|Range)?Error$/]',
					message: 'Throw a UserError: it says what to do.',
				},
			],
		},
	},
	{
		// The clock waits as n8n does.
		files: ['nodes/Terra/transport/clock.ts'],
		rules: { '@typescript-eslint/no-restricted-imports': 'off' },
	},
);
