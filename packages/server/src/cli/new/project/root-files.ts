import type { Names } from '../preset.ts';

/** What a project has at its root, whatever its model: the server, the list of models, and what tools read. */
export const rootFiles = (names: Names): Record<string, string> => ({
  'main.ts': mainModule,
  'models.ts': modelsModule(names),
  'tsconfig.json': `${JSON.stringify(typescriptSettings, null, 2)}\n`,
  '.oxfmtrc.json': `${JSON.stringify({ printWidth: 120, singleQuote: true, ignorePatterns: ['dist', '**/weights', '*.md'] }, null, 2)}\n`,
  '.oxlintrc.json': `${JSON.stringify({ plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node'], categories: { correctness: 'error', suspicious: 'error' }, ignorePatterns: ['dist'] }, null, 2)}\n`,
  '.gitignore': 'dist/\nnode_modules/\n*.log\n.env\n',
  '.dockerignore': dockerIgnore,
});

const mainModule = `import { start } from '@portico/server';
import { models } from './models.ts';

// Listens until a signal, then drains. The environment configures it: PORT, MODEL_NAME, LOG_LEVEL and so on.
await start({ models });
`;

const modelsModule = ({ task, model }: Names): string => `import { ${model} } from './${task}/index.ts';

/** Every model of this service; one line registers one. */
export const models = [${model}];
`;

const typescriptSettings = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'dist',
  },
  exclude: ['dist', 'node_modules'],
};

/** The image is built from sources, the lock file and weights. */
const dockerIgnore = `.git
.env
*.log
*.md
**/*.test.ts
**/sample.*
Dockerfile
**/client.ts
dist
kubernetes.yaml
node_modules
`;
