import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { echo } from '../v2/support/files.ts';
import { repository } from '../v2/support/repository.ts';
import { drawn, expensiveRequests, send } from './support/expensive-requests.ts';

/** A request may hold the loop for so long. */
const maxHoldMs = 50;
/** Of a JSON body with a file of `MAX_UPLOAD_MB`. */
const bodyBytes = 27_000_000;
/** What `calibration` takes on a machine that does nothing else. */
const referenceMs = 25;
/** Of all requests; the seed draws which. */
const share = 4;

const seed = Number(process.env['EXPENSIVE_SEED'] ?? 1 + Math.floor(Math.random() * 1e6));

const files = repository({ 'floats.onnx': echo('float32'), 'texts.onnx': echo('string') });
let server: ServerProcess;
beforeAll(async () => {
  const environment = { MODEL_NAME: 'draw,rows,compare', MODEL_REPOSITORY: files.path, LOG_LEVEL: 'info' };
  server = await startServer(environment, [], fileURLToPath(new URL('../dist/fixtures/watched.js', import.meta.url)));
  await server.ready();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  files[Symbol.dispose]();
});

/** How long work takes here that memory and processor share in, in milliseconds of processor time. */
function calibration(): number {
  const text = Buffer.alloc(8_000_000, 'a').toString('base64');
  const before = process.cpuUsage();
  for (let round = 0; round < 3; round += 1) JSON.parse(`["${text}"]`);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 3_000;
}

it('No request holds the loop, whatever its body', async () => {
  const { watchPort } = (await server.logged((line) => 'watchPort' in line)) as { watchPort: number };
  const holdMs = async (): Promise<number> => Number(await (await fetch(`http://127.0.0.1:${watchPort}`)).text());
  const limitMs = maxHoldMs * Math.max(1, calibration() / referenceMs);
  const draw = drawn(seed);
  const only = process.env['EXPENSIVE_ONLY'];
  const chosen = expensiveRequests(seed, bodyBytes).filter(({ name }) =>
    only === undefined ? draw(share) === 0 : name.includes(only),
  );

  const seen: { name: string; status: number; isRight: boolean; ms: number }[] = [];
  for (const request of chosen) {
    const body = request.body();
    await holdMs();
    const status = await send(server.url, { ...request, body: () => body });
    seen.push({ name: request.name, status, isRight: request.statuses.includes(status), ms: await holdMs() });
  }
  seen.sort((a, b) => b.ms - a.ms);
  const lines = seen.slice(0, 12).map(({ name, status, ms }) => `${ms.toFixed(1).padStart(7)} ms  ${status}  ${name}`);
  process.stderr.write(
    `EXPENSIVE_SEED=${seed}: ${seen.length} requests, limit here ${limitMs.toFixed(0)} ms\n${lines.join('\n')}\n`,
  );
  expect(seen.filter(({ isRight }) => !isRight)).toEqual([]);
  expect(seen.filter(({ ms }) => ms > limitMs)).toEqual([]);
});
