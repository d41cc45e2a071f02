import jupyter from '@jupyter/eslint-plugin';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const SOURCES = ['src/**/*.{ts,tsx}'];
const TESTS = ['src/__tests__/**/*.{ts,tsx}'];

/** What makes markup of strings: notebooks are hostile, and what they say is shown as text. */
const MARKUP = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc'].map(property => ({
  property,
  message: 'Text of a notebook must never become markup: build nodes and set textContent.'
}));

export default tseslint.config(
  { ignores: ['lib', 'coverage', 'node_modules', 'src/wire.ts'] }, // wire.ts is generated
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: SOURCES,
    extends: [
      tseslint.configs.strictTypeChecked,
      jsxA11y.flatConfigs.recommended,
      reactHooks.configs['recommended-latest']
    ],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname }
    }
  },
  { plugins: { jupyter } },
  ...jupyter.configs.recommended,
  {
    files: SOURCES,
    rules: {
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['error'] }],
      'no-restricted-properties': [
        'error',
        ...MARKUP,
        { object: 'document', property: 'write' },
        { object: 'document', property: 'writeln' }
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Text of a notebook must never become markup.'
        }
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      // A callback of one expression reads well, whatever the expression returns.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Numbers in ids, keys and messages read as they should.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // It takes a field for what it was before an await, and an index for one that is in range.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Signals take a method and its `this` apart; jupyter/prefer-signal-this-arg demands it.
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  {
    files: TESTS,
    rules: {
      // What a test makes ends with the test.
      'jupyter/require-disposable-ownership': 'off',
      // People see no words of a test.
      'jupyter/no-untranslated-string': 'off'
    }
  },
  {
    files: ['src/index.ts'],
    rules: {
      // Notebooks are watched and the panel is in its place from the start, so activation needs all
      // of them at once; together they are smaller than one round trip for a chunk is worth.
      'jupyter/prefer-lazy-imports': ['warn', { ignoreImports: ['./*'] }]
    }
  }
);
