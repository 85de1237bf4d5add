// Runs whole-server tests, which start the compiled server: builds what is out of date, then runs vitest in apps/server.
// `npm run test:server -- test/doors/ocr.test.ts -t 'reads a page'`
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const server = join(root, 'apps', 'server');
const modules = join(root, 'node_modules');

run(root, join(root, 'scripts', 'pnpm.mjs'), 'turbo run build --filter=@portico/service --output-logs=errors-only');
run(server, join(modules, 'typescript', 'bin', 'tsc'), '-b', 'test');
// A path from the root works too: tab completion gives one.
const values = process.argv.slice(2).map((value) => value.replace(/^apps\/server\//, ''));
const verify = values.some((value) => value.endsWith('.verify.ts'));
const config = verify ? ['--config', 'vitest.verify.config.ts'] : [];
run(server, join(modules, 'vitest', 'vitest.mjs'), 'run', ...config, ...values);

function run(cwd, script, ...values) {
  const { status } = spawnSync(process.execPath, [script, ...values], { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
