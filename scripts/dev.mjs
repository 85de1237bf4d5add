// Runs the bundled service from source and restarts it when a source file changes; beside it, the demo page from source. Nothing of the
// server is built: tsx compiles on import, and engines inherit NODE_OPTIONS, so they run from source too.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageToServe, servePage } from './demo-page.mjs';

const root = join(import.meta.dirname, '..');
const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
// The gateway does not import what only engines load, so tsx does not find those files by itself.
const watched = ['packages/*/src/**/*.ts', 'models/**/*.ts', 'apps/server/src/**/*.ts'];

const port = Number(process.env['PORT'] || '8000');
// On a port that the system chooses, nobody could say where the server is.
const page = port === 0 ? undefined : await pageToServe();
const child = spawn(
  process.execPath,
  [
    tsx,
    'watch',
    '--clear-screen=false',
    ...watched.map((pattern) => `--include=${join(root, pattern)}`),
    '--exclude=**/*.test.ts',
    join(root, 'apps', 'server', 'src', 'main.ts'),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      // One replica and no draining: restarts are what matters here.
      REPLICAS: '1',
      DRAIN_SECONDS: '0',
      ...(page === undefined ? {} : { DEMO_URL: page.url }),
      ...process.env,
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import tsx --conditions=@portico/source`.trim(),
    },
  },
);
// A terminal sends Ctrl-C to both processes; this one waits for the server to stop.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
if (page !== undefined) servePage(page, port, 'development');
child.on('exit', (code) => process.exit(code ?? 1));
