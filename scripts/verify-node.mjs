// Runs the tests of the server, its models and its media under another Node: `node scripts/verify-node.mjs 24`.
// The npm package `node` carries it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [major = '24'] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'portico-node-'));
try {
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `node@${major}`], {
    stdio: 'ignore',
  });
  const node = join(folder, 'node_modules', 'node', 'bin', 'node');
  console.log(`tests under Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
  for (const tested of ['packages/server', 'packages/media', 'models', 'apps/server']) {
    const { status } = spawnSync(node, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'], {
      cwd: join(root, tested),
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
