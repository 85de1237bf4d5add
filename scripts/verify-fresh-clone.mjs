// What a newcomer does: clone, `npm start`, the README's curl line; then `npm start` again. In an empty HOME.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const port = '8321';
const readyTimeoutMs = 5 * 60_000;
const root = join(import.meta.dirname, '..');
const place = mkdtempSync(join(tmpdir(), 'portico-clone-'));
const clone = join(place, 'portico');
const home = join(place, 'home');
mkdirSync(home);

/** The environment of a newcomer: nothing of the package manager that may be running this. */
const inherited = Object.entries(process.env).filter(
  ([name]) => !/^(npm_|pnpm_|turbo_|init_cwd|node_path)/i.test(name),
);
const environment = {
  ...Object.fromEntries(inherited),
  HOME: home,
  PORT: port,
  HOST: '127.0.0.1',
  DRAIN_SECONDS: '0',
  CI: 'true',
};

try {
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
  const first = await start();
  console.log(`fresh clone: ready ${seconds(first.readyAfter)} after npm start`);
  const command = /^curl .*$/m.exec(readFileSync(join(clone, 'README.md'), 'utf8'))?.[0];
  if (command === undefined) throw new Error('the README has no curl line');
  const answer = JSON.parse(
    execFileSync('sh', ['-c', `${command.replace('8000', port)} -sS`], { cwd: clone, encoding: 'utf8' }),
  );
  if (!answer.text.includes('A model is a function with opinions')) throw new Error(`unexpected text: ${answer.text}`);
  if (!first.printed().includes('curl -F file=@samples/page.jpg')) throw new Error('npm start printed no curl line');
  console.log(`the README's curl line read ${answer.lines.length} lines`);
  await first.stop();
  const second = await start();
  console.log(`warm: ready ${seconds(second.readyAfter)} after npm start`);
  await second.stop();
  console.log('2 passed, 0 failed');
} finally {
  rmSync(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function start() {
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: clone,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const stop = async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGTERM');
    await Promise.race([ended, sleep(20_000)]);
    // npm may end before the server that it started.
    while (await isListening()) await sleep(50);
  };
  while (!(await isReady())) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output}`);
    if (performance.now() - startedAt > readyTimeoutMs) {
      await stop();
      throw new Error(`not ready in time:\n${output}`);
    }
    await sleep(100);
  }
  return { readyAfter: performance.now() - startedAt, printed: () => output, stop };
}

async function isListening() {
  try {
    await fetch(`http://127.0.0.1:${port}/health`);
    return true;
  } catch {
    return false;
  }
}

async function isReady() {
  try {
    return (await fetch(`http://127.0.0.1:${port}/ready`)).ok;
  } catch {
    return false;
  }
}

function seconds(milliseconds) {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
