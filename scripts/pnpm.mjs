// Runs pnpm commands, one an argument, in the version that package.json names. Only Node and npm have to be there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { devEngines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { name, version } = devEngines.packageManager;

for (const command of process.argv.slice(2)) {
  const { status } = spawnSync('npx', ['--yes', `${name}@${version}`, ...command.split(' ')], {
    cwd: root,
    stdio: 'inherit',
    // On Windows npx is a script of the shell.
    shell: process.platform === 'win32',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  });
  if (status !== 0) process.exit(status ?? 1);
}
