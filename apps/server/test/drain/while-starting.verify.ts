import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { measured } from '../harness/measured.ts';
import { environmentOf, processes } from '../harness/process-facts.ts';
import { eventually } from '../harness/server-process.ts';

const together = 10;
const rounds = 4;
const signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP'];
/** The bundled service, and one whose main module imports everything before it calls `start`. */
const mainOf = (index: number): string =>
  join(import.meta.dirname, index % 2 === 0 ? '../../dist/main.js' : '../dist/fixtures/server.js');
/** In the environment of every engine here. */
const testId = randomUUID();
/** Far beyond the drain, also on a busy machine: what does not exit never would. */
const maxExitMs = 60_000;

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Start {
  readonly child: ChildProcess;
  /** What became of it; undefined if it did not exit in time. */
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null } | undefined>;
  /** Every model has become ready. */
  readonly ready: Promise<unknown>;
}

function startOne(main: string): Start {
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      MODEL_NAME: 'vad',
      PORT: '0',
      HOST: '127.0.0.1',
      DRAIN_SECONDS: '1',
      REPLICAS: '1',
      STARTED_BY: testId,
      ENGINE_ENV: 'STARTED_BY',
      MODEL_CACHE_DIR: join(tmpdir(), 'portico-fixtures', 'cache'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('a replica is ready')) resolve();
    });
  });
  const exit = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return { child, ready, exit: Promise.race([exit, sleep(maxExitMs * 2, undefined, { ref: false })]) };
}

/**
 * Whether the process handles signals: before its first JavaScript it does not, and is ended by them. It is SIGHUP that
 * shows, because Node catches the others from its start on, only to be ended by them.
 */
async function handlesSignals(pid: number): Promise<boolean> {
  const [, mask = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (BigInt(`0x${mask}`) & 1n) !== 0n;
}

/** Engines that any of the servers has started, whether or not it still runs. */
async function enginesStarted(): Promise<number[]> {
  const engines = (await processes()).filter(({ command, zombie }) => command.includes('/engine/main') && !zombie);
  const owned = await Promise.all(
    engines.map(async ({ pid }) => {
      const environment = await environmentOf(pid).catch((): Record<string, string> => ({}));
      return environment['STARTED_BY'] === testId ? [pid] : [];
    }),
  );
  return owned.flat();
}

it.skipIf(process.platform !== 'linux')(
  'a signal at any moment of the start ends the server with 0, and leaves no engine',
  { timeout: 600_000, retry: 0 },
  async () => {
    const seed = Number(process.env['START_SEED'] ?? Date.now() % 1_000_000);
    const random = randomNumbers(seed);
    process.stderr.write(`START_SEED=${seed}\n`);

    // How long a start takes beside nine others is where the moments are drawn from.
    const startedAt = performance.now();
    const calibration = Array.from({ length: together }, (_, index) => startOne(mainOf(index)));
    await Promise.all(calibration.map(({ ready }) => ready));
    const startMs = performance.now() - startedAt;
    measured('ten starts at once, all ready', startMs);
    for (const { child } of calibration) child.kill('SIGTERM');
    expect(await Promise.all(calibration.map(({ exit }) => exit))).toEqual(
      calibration.map(() => ({ code: 0, signal: null })),
    );

    const handledAfter: number[] = [];
    const exitedAfter: number[] = [];
    const wrong: object[] = [];
    for (let round = 0; round < rounds; round++) {
      await Promise.all(
        Array.from({ length: together }, async (_, index) => {
          const delayMs = random() * startMs;
          const signal = signals[Math.floor(random() * signals.length)] ?? 'SIGTERM';
          const main = mainOf(index);
          const startedAt = performance.now();
          const { child, exit } = startOne(main);
          await eventually(async () => (await handlesSignals(child.pid ?? 0)) || undefined, maxExitMs);
          handledAfter.push(performance.now() - startedAt);
          await sleep(Math.max(0, delayMs - (performance.now() - startedAt)));
          const sentAt = performance.now();
          child.kill(signal);
          const ended = await exit;
          exitedAfter.push(performance.now() - sentAt);
          if (ended?.code !== 0) {
            wrong.push({ main, delayMs, signal, ended });
            child.kill('SIGKILL');
          }
        }),
      );
    }
    measured('from exec until signals are handled, at most', Math.max(...handledAfter));
    measured('from the signal to the exit, at most', Math.max(...exitedAfter));
    process.stderr.write(`measured: ${together * rounds - wrong.length} of ${together * rounds} exit with 0\n`);
    expect(wrong).toEqual([]);
    await eventually(async () => ((await enginesStarted()).length === 0 ? true : undefined));
  },
);
