import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { always, type Fault, pass } from './fault.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { type RealServer, startRealServer } from './real-server.ts';

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer(['draw', 'vad', 'embed']);
});
afterAll(() => server[Symbol.asyncDispose]());

const run = promisify(execFile);
const sdkFolder = join(import.meta.dirname, '../..');

const page: Fault = {
  kind: 'respond',
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: `<h1>503</h1>${' '.repeat(1_000_000)}`,
};
const faults: readonly Fault[] = [
  pass,
  page,
  { kind: 'cut', where: { bytes: 20 } },
  { kind: 'reset', where: 'in the request body' },
  { kind: 'reset', where: { text: '"start"' } },
  { kind: 'silence' },
  { kind: 'garbage' },
];
const lasting: Fault = { kind: 'drip', bytes: 1, pause: 100 };

/** What a program says in the end. */
interface Report {
  readonly calls: number;
  readonly resources: readonly string[];
  readonly warnings: readonly string[];
  readonly unhandled: readonly string[];
  /** Bytes of the heap after garbage collection, after a third of the rounds and after all of them. */
  readonly heap: readonly [number, number];
}

/** Runs `programs/rounds.js` against an address; it has to end by itself. */
async function rounds(url: string, count: number): Promise<Report> {
  const program = join(import.meta.dirname, 'programs/rounds.js');
  const words = ['--expose-gc', program, url, String(count)];
  const { stdout } = await run(process.execPath, words, { cwd: sdkFolder, timeout: 120_000 });
  return JSON.parse(stdout) as Report;
}

describe('a program that has met every fault', () => {
  test('ends by itself, without warnings, and its memory has not grown', async () => {
    await using proxy = await startFaultProxy(server.url, (index) => faults[index % faults.length] ?? pass);
    const { calls, resources, warnings, unhandled, heap } = await rounds(proxy.url, 40);
    expect({ resources, warnings, unhandled }).toEqual({ resources: [], warnings: [], unhandled: [] });
    expect(calls).toBeGreaterThanOrEqual(400);
    expect(heap[1] - heap[0]).toBeLessThan(3e6);
  });

  test('ends by itself even if it has left responses that never end', async () => {
    await using proxy = await startFaultProxy(server.url, always(lasting));
    const { resources, unhandled } = await rounds(proxy.url, 2);
    expect({ resources, unhandled }).toEqual({ resources: [], unhandled: [] });
    await expect.poll(() => proxy.running()).toBe(0);
  });
});
