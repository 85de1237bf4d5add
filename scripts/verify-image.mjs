// Builds the image `cpu` and runs it as a careful platform does: without root, anything to write to, or capabilities, in 1 GiB.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, needImages, step, summary, untilOk } from './image/checks.mjs';
import { buildImage, imageBytes, kernelView, podman, runInImage, withContainer } from './image/container-tools.mjs';
import { standInForNode } from './image/stand-in-base.mjs';

const root = join(import.meta.dirname, '..');
const dockerfile = join(root, 'Dockerfile');
const tag = 'localhost/portico:verified';
const maxMegabytesOverBase = 200;
/** A photograph takes two seconds of CPU time; `npm run verify:full` sends a hundred. */
const requests = 20;
const concurrency = 4;
const memoryBytes = 1024 ** 3;
/** Enough for the service and a page, not for a photograph. */
const tooLittleMemory = '420m';
const responseTimeoutMs = 120_000;

/** For work on this file: `--requests 5 --built` runs less, on the image of the last time. */
const { values: options } = parseArgs({
  options: { requests: { type: 'string', default: String(requests) }, built: { type: 'boolean', default: false } },
});
needImages();
let base = '';
await step('the default target builds from a clean checkout', async () => {
  base = standInForNode(dockerfile);
  if (options.built) return;
  await buildImage({
    file: dockerfile,
    context: root,
    target: 'cpu',
    tag,
    args: { VERSION: '1.2.3', REVISION: 'abc' },
  });
});

await step(`it is at most ${maxMegabytesOverBase} MB larger than its base`, () => {
  const megabytes = Math.round((imageBytes(tag) - imageBytes(base)) / 1e6);
  console.log(`   ${megabytes} MB over the base`);
  assert.ok(options.built || megabytes <= maxMegabytesOverBase, `${megabytes} MB`);
});

await step('it says what it is, and names a user by number', () => {
  const { User, Labels, ExposedPorts, Entrypoint, Cmd } = JSON.parse(
    podman('image', 'inspect', tag, '--format', '{{json .Config}}'),
  );
  assert.equal(User, '1000:1000');
  assert.deepEqual(Object.keys(ExposedPorts), ['8000/tcp']);
  assert.deepEqual([Entrypoint[0], Cmd], ['tini', ['serve']]);
  const labels = ['title', 'description', 'licenses', 'version', 'revision'];
  for (const name of labels) assert.ok(Labels[`org.opencontainers.image.${name}`], `no label ${name}`);
  assert.equal(Labels['com.amazonaws.sagemaker.capabilities.accept-bind-to-port'], 'true');
});

await step('it holds nothing that is not run: no other system, no compiler, no package manager, no test', () => {
  const systems = '*/napi-v*/darwin/* */napi-v*/win32/*';
  const tools = '*/node_modules/npm */.pnpm/typescript@* */.pnpm/turbo@* */.pnpm/vitest@* */.pnpm/next@*';
  const files = '*.test.js *.d.ts *.map';
  const unwanted = `${systems} ${tools} ${files}`.split(' ').flatMap((pattern) => ['-o', '-path', pattern]);
  if (!options.built) assert.equal(runInImage(tag, 'find', '/app', '/usr/local', '(', ...unwanted.slice(1), ')'), '');
  assert.equal(runInImage(tag, 'find', '/app', '-writable'), '');
});

await step(
  `${options.requests} photographs of 12 megapixels are read in 1 GiB, and SIGTERM ends it with code 0`,
  async () => {
    const port = await freePort();
    const environment = { PORT: port, HOST: '127.0.0.1', MODEL_NAME: 'ocr', DRAIN_SECONDS: 1 };
    await withContainer({ tag, memory: String(memoryBytes), environment }, async (container) => {
      await untilOk(container, `http://127.0.0.1:${port}/ready`);
      const { uid, capabilities, limitBytes } = kernelView(container.pid);
      assert.deepEqual({ uid, capabilities, limitBytes }, { uid: 1000, capabilities: 0, limitBytes: memoryBytes });
      assert.notEqual(container.execute('touch', '/cache/x'), 0, 'the file system can be written to');
      assert.equal(container.checkHealth(), 0, 'HEALTHCHECK fails');
      await readPhotographs(port, Number(options.requests));
      console.log(`   at most ${Math.round(kernelView(container.pid).peakBytes / 1024 ** 2)} MiB`);
      assert.doesNotMatch(container.logs(), /"level":"(error|fatal)"/);
      assert.equal(container.stop(), 0);
    });
  },
);

await step(
  'where a photograph takes more memory than there is, the kernel ends an engine and not the service',
  async () => {
    const port = await freePort();
    // The gateway does not step in before the kernel does.
    const environment = {
      PORT: port,
      HOST: '127.0.0.1',
      MODEL_NAME: 'ocr',
      DRAIN_SECONDS: 0,
      REPLICA_MEMORY_MB: 8_000,
    };
    await withContainer({ tag, memory: tooLittleMemory, environment }, async (container) => {
      const url = `http://127.0.0.1:${port}`;
      await untilOk(container, `${url}/ready`);
      const response = await post(port, await makePhotograph());
      assert.equal(response.status, 503, await response.text());
      assert.ok((await fetch(`${url}/health`)).ok);
      await untilOk(container, `${url}/ready`);
      assert.match(container.logs(), /ended by SIGKILL: the kernel does this when memory runs out/);
      assert.equal(container.stop(), 0);
    });
  },
);

await step(
  'any user may run all bundled models, with "serve" and the port of a platform; HEALTHCHECK follows',
  async () => {
    const port = await freePort();
    const environment = { SAGEMAKER_BIND_TO_PORT: port, REPLICAS: 1, DRAIN_SECONDS: 0 };
    await withContainer({ tag, environment, options: ['--user', '54321:0'], words: ['serve'] }, async (container) => {
      await untilOk(container, `http://127.0.0.1:${port}/ready`);
      assert.equal(kernelView(container.pid).uid, 54_321);
      assert.equal(container.checkHealth(), 0, 'HEALTHCHECK fails');
      assert.equal(container.stop(), 0);
    });
  },
);

await step('SageMaker and Vertex AI get answers from it', async () => {
  const port = await freePort();
  const environment = { MODEL_NAME: 'faces', REPLICAS: 1, DRAIN_SECONDS: 0, AIP_PREDICT_ROUTE: '/predict' };
  const named = { ...environment, SAGEMAKER_BIND_TO_PORT: port };
  await withContainer({ tag, environment: named, words: ['serve'] }, async (container) => {
    await untilOk(container, `http://127.0.0.1:${port}/ping`);
    const portrait = readFileSync(join(root, 'samples/astronaut.png'));
    const ask = async (path, type, body) =>
      (
        await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers: { 'content-type': type }, body })
      ).json();
    assert.equal((await ask('/invocations', 'image/png', portrait)).faces?.length, 1);
    const instances = JSON.stringify({ instances: [{ b64: portrait.toString('base64') }] });
    assert.equal((await ask('/predict', 'application/json', instances)).predictions?.[0].faces.length, 1);
    assert.equal(container.stop(), 0);
  });
});

await step('a signal in the first moment ends it with code 0', async () => {
  await withContainer({ tag, environment: { PORT: 0 } }, (container) => assert.equal(container.stop(), 0));
});

await step('another argument is refused', async () => {
  await withContainer({ tag, words: ['train'] }, async (container) => assert.equal(await container.exitCode(), 1));
});
summary();

/** 4000 × 3000 pixels: the head of a printed page in front of something. */
async function makePhotograph() {
  const sharp = createRequire(join(root, 'packages/media/package.json'))('sharp');
  const page = await sharp(join(root, 'samples/page.jpg'))
    .extract({ left: 0, top: 0, width: 917, height: 300 })
    .resize({ width: 3_600 })
    .toBuffer();
  const photograph = sharp(join(root, 'samples/astronaut.png'))
    .resize(4_000, 3_000)
    .composite([{ input: page }]);
  return photograph.jpeg({ quality: 90 }).toBuffer();
}

async function readPhotographs(port, count) {
  const photograph = await makePhotograph();
  const startedAt = performance.now();
  let left = count;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      assert.match(await read(port, photograph), /A model is a function with opinions/);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  console.log(`   ${count} requests in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
}

function post(port, photograph) {
  const form = new FormData();
  form.append('file', new Blob([photograph], { type: 'image/jpeg' }), 'photograph.jpg');
  const signal = AbortSignal.timeout(responseTimeoutMs);
  return fetch(`http://127.0.0.1:${port}/ocr`, { method: 'POST', body: form, signal });
}

async function read(port, photograph) {
  const response = await post(port, photograph);
  const output = await response.json();
  assert.equal(response.status, 200, JSON.stringify(output));
  return output.text;
}
