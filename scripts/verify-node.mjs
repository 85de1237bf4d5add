// Runs the server's tests under another Node: `node scripts/verify-node.mjs 24`. The npm package `node` carries it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [major = '24'] = process.argv.slice(2);
const server = join(import.meta.dirname, '..', 'apps', 'server');
const place = mkdtempSync(join(tmpdir(), 'portico-node-'));
try {
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', place, `node@${major}`], {
    stdio: 'ignore',
  });
  const node = join(place, 'node_modules', 'node', 'bin', 'node');
  console.log(`the server's tests under Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
  const { status } = spawnSync(node, [join(server, '..', '..', 'node_modules', 'vitest', 'vitest.mjs'), 'run'], {
    cwd: server,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}
