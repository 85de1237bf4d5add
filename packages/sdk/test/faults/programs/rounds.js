// Calls every method again and again, whatever happens, and reports what is left in the end. For the SDK as it is built.
import { setTimeout as sleep } from 'node:timers/promises';
import { createPortico } from '@portico/sdk';

const [url, count] = process.argv.slice(2);
const warnings = [];
const unhandled = [];
process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`));
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);
const tasks = ['draw', 'embed', 'vad'];
const portico = createPortico({ url, tasks, timeoutMs: 150, retry: { initialDelayMs: 1 } });
// One signal for all of them, as in a page or a program that ends as a whole.
const { signal } = new AbortController();
const options = { signal };
const tensor = { name: 'x', shape: [4], data: Float32Array.of(1, 2, 3, 4) };
let calls = 0;

const methods = [
  () => portico.draw(pixel, {}, options),
  () => portico.draw.image(pixel, {}, options),
  () => portico.draw.batch([pixel, pixel], {}, options),
  () => portico.embed({ texts: ['a'] }, {}, options),
  () => portico.vad.stream(pixel, {}, options).next(),
  () => portico.tensors('doubling').infer({ inputs: [tensor] }, options),
  () => portico.ready(options),
  () => portico.models(options),
  () => portico.gpu(options),
  () => portico.draw(pixel, {}, { signal: AbortSignal.timeout(20) }),
];

async function round() {
  await Promise.all(
    methods.map((run) => {
      calls += 1;
      return run().catch(() => {});
    }),
  );
}

async function heapUsed() {
  // What has just ended is released in the next turns of the loop.
  for (let turn = 0; turn < 3; turn += 1) {
    await sleep(50);
    globalThis.gc();
  }
  return process.memoryUsage().heapUsed;
}

for (let index = 0; index < Math.ceil(count / 3); index += 1) await round();
const before = await heapUsed();
for (let index = 0; index < count - Math.ceil(count / 3); index += 1) await round();
const after = await heapUsed();
// Connections that are kept for the next call do not keep the program.
const kept = new Set(['TCPSocketWrap', 'PipeWrap', 'TTYWrap', 'Timeout']);
const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
const resources = process.getActiveResourcesInfo().filter((name) => !kept.has(name));
process.stdout.write(JSON.stringify({ calls, resources, timers, warnings, unhandled, heap: [before, after] }));
