import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { freePort } from '../drain/support/free-port.ts';
import { explainSkip } from '../harness/measured.ts';
import { eventually } from '../harness/server-process.ts';
import { FullDisk, whyNoFullDisk } from '../matrix/support/full-disk.ts';

const main = join(import.meta.dirname, '../../dist/main.js');

interface Unlogged extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Sends requests whose lines in the log are long, and expects each to be answered. */
  request(count?: number): Promise<void>;
  /** The exit after SIGTERM. */
  end(): Promise<unknown>;
}

/** A server without a model, whose output and errors go where a test says. */
async function startUnlogged(output: StdioOptions): Promise<Unlogged> {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', ...(output as ('pipe' | number)[])],
    env: { ...process.env, MODEL_NAME: '', PORT: String(port), HOST: '127.0.0.1', DRAIN_SECONDS: '0' },
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(
    () =>
      fetch(`${url}/health`).then(
        ({ ok }) => ok || undefined,
        () => undefined,
      ),
    60_000,
  );
  return {
    child,
    request: async (count = 1) => {
      const path = 'long-'.repeat(1_500);
      const all = Array.from({ length: count }, (_, index) => fetch(`${url}/${index}-${path}`));
      expect(new Set((await Promise.all(all)).map(({ status }) => status))).toEqual(new Set([404]));
    },
    end: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      return exit;
    },
    [Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
  };
}

/** More lines than are buffered: about 15 kB each. */
const flood = 150;
const cleanly = [0, null];
const isAboutLoss = (line: string): boolean => /"level":"warn".*lines of the log were lost/.test(line);

if (whyNoFullDisk !== undefined) explainSkip(`a log on a disk that is full for a while: ${whyNoFullDisk}`);

describe('a log that cannot be written costs lines, never an answer, and SIGTERM ends the server', () => {
  it('on a full disk, from the start', async () => {
    const full = openSync('/dev/full', 'w');
    await using server = await startUnlogged([full, full]);
    closeSync(full);
    await server.request(flood);
    expect(await server.end()).toEqual(cleanly);
  });

  it('into a pipe that nobody has at the other end', async () => {
    await using server = await startUnlogged(['pipe', 'pipe']);
    server.child.stdout?.destroy();
    server.child.stderr?.destroy();
    await server.request(5);
    expect(await server.end()).toEqual(cleanly);
  });

  it('into a pipe whose reader stops, hears how much is lost when it reads again, and stops once more', async () => {
    await using server = await startUnlogged(['pipe', 'pipe']);
    await server.request(flood);
    const lines: string[] = [];
    createInterface({ input: server.child.stdout as NodeJS.ReadableStream }).on('line', (line) => lines.push(line));
    await eventually(async () => lines.some(isAboutLoss) || undefined);
    const kept = lines.filter((line) => line.includes('long-')).length;
    const [{ lost }] = lines.filter(isAboutLoss).map((line) => JSON.parse(line) as { lost: number }) as [
      { lost: number },
    ];
    expect(kept + lost).toBe(flood);
    server.child.stdout?.pause();
    await server.request(flood);
    expect(await server.end()).toEqual(cleanly);
  });

  it.skipIf(whyNoFullDisk !== undefined)('on a disk that is full for a while', async () => {
    const disk = new FullDisk();
    const path = join(await disk.create(), 'log');
    try {
      const file = openSync(path, 'a');
      await using server = await startUnlogged([file, file]);
      closeSync(file);
      await server.request(flood);
      expect(readFileSync(path, 'utf8')).toBe('');
      disk.grow();
      await eventually(async () => readFileSync(path, 'utf8').split('\n').some(isAboutLoss) || undefined);
      expect(await server.end()).toEqual(cleanly);
      expect(readFileSync(path, 'utf8')).toMatch(/"msg":"Portico listens on .*"msg":"stopped"\}\n$/s);
    } finally {
      await disk.remove();
    }
  });
});
