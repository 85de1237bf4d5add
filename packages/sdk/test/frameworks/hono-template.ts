import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The templates that create-hono 0.19 wants, and what it calls them in its cache. */
const archive = 'bluwy-giget/gh/honojs-starter/v0.19.tar.gz';

/** The packages and settings of the template `nodejs` in August 2026, and the smallest program. */
const template = {
  'package.json': JSON.stringify({
    type: 'module',
    scripts: { build: 'tsc', start: 'node dist/index.js' },
    dependencies: { '@hono/node-server': '^2.1.1', hono: '^4.13.3' },
    devDependencies: { '@types/node': '^26.1.1', tsx: '^4.23.0', typescript: '^7.0.2' },
  }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'ESNext',
      module: 'NodeNext',
      strict: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
      types: ['node'],
      rootDir: './src',
      outDir: './dist',
    },
  }),
  'src/index.ts': `import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()

serve({ fetch: app.fetch, port: 3000 }, (info) => {
  console.log(\`Server is running on http://localhost:\${info.port}\`)
})
`,
};

/**
 * create-hono downloads its templates from GitHub; where it cannot, it takes what an earlier run has left in its cache. This
 * puts a template there. Returns the environment in which create-hono finds it.
 */
export async function cacheHonoTemplate(folder: string): Promise<NodeJS.ProcessEnv> {
  const cache = join(folder, 'cache');
  const root = join(cache, 'starter/templates/nodejs');
  await mkdir(join(root, 'src'), { recursive: true });
  for (const [name, text] of Object.entries(template)) await writeFile(join(root, name), text);
  await mkdir(join(cache, archive, '..'), { recursive: true });
  await run('tar', ['-czf', join(cache, archive), 'starter'], { cwd: cache });
  return { XDG_CACHE_HOME: cache };
}
