import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** @import { Transport } from './settings.mjs' */

const program = fileURLToPath(new URL('./dying-gateway.mjs', import.meta.url));
const patienceMs = 500;

/** @param {number} identifier */
function isAlive(identifier) {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${identifier}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/**
 * How long a busy engine outlives its gateway; infinity when it was still running after half a second.
 *
 * @param {Transport} transport
 */
async function outlive(transport) {
  const gateway = spawn(process.execPath, [program, transport], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = new Promise((resolve) => gateway.on('exit', resolve));
  // The engine holds the same output open, so the end of the stream would come with its own end.
  const [identifier] = await once(gateway.stdout, 'data');
  const engine = Number(identifier);
  await exit;
  const diedAt = performance.now();
  const elapsed = () => performance.now() - diedAt;
  while (isAlive(engine) && elapsed() < patienceMs) await sleep(1);
  if (!isAlive(engine)) return elapsed();
  process.kill(engine, 'SIGKILL');
  return Number.POSITIVE_INFINITY;
}

/** @param {number} trials */
export async function measureOrphans(trials) {
  /** @type {{ transport: Transport, outlived: number[] }[]} */
  const results = [
    { transport: 'socketpair in place', outlived: [] },
    { transport: 'socketpair reader thread', outlived: [] },
  ];
  for (let trial = 0; trial < trials; trial += 1) {
    for (const { transport, outlived } of results) outlived.push(await outlive(transport));
  }
  return results;
}
