// Builds the images that `verify-image.mjs` does not: a service of one's own, the demo page, and the service on GPUs, on a base without any.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { freePort, needImages, step, summary, untilOk } from './image/checks.mjs';
import { buildImage, imageBytes, kernelView, runInImage, withContainer } from './image/container-tools.mjs';
import { standInForCuda, standInForNode } from './image/stand-in-base.mjs';

const root = join(import.meta.dirname, '..');
const file = join(root, 'Dockerfile');
const image = (name) => `localhost/${name}:verified`;

needImages();
register();
const { installOwnService } = await import('../apps/server/test/foreign/own-service.ts');
const { openWorkbench } = await import('../apps/server/test/new/workbench.ts');
const { doubling } = await import('../apps/server/test/onnx/models.ts');
const { zipOf } = await import('../packages/server/src/cuda/testing/zip-of.ts');
const { parse } = createRequire(join(root, 'apps/server/package.json'))('yaml');
const base = standInForNode(file);
standInForCuda(file);

await step('a service of its own, with packages from a registry, builds with one argument and serves', async () => {
  const service = await installOwnService();
  try {
    await completeProject(service.folder);
    await buildImage({
      file,
      context: service.folder,
      target: 'cpu',
      tag: image('own-service'),
      args: { SERVICE: '.' },
    });
  } finally {
    await service[Symbol.asyncDispose]();
  }
  const port = await freePort();
  const environment = { PORT: port, DRAIN_SECONDS: 0 };
  await withContainer({ tag: image('own-service'), environment }, async (container) => {
    await untilOk(container, `http://127.0.0.1:${port}/ready`);
    const response = await fetch(`http://127.0.0.1:${port}/double`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: { values: [1, 2, 3, 4] } }),
    });
    assert.deepEqual(await response.json(), { values: [2, 4, 6, 8] });
    assert.equal(container.checkHealth(), 0, 'HEALTHCHECK fails');
    assert.equal(container.stop(), 0);
  });
  const unwanted = ['-path', '*/node_modules/typescript-*', '-o', '-name', '.npmrc'];
  assert.equal(runInImage(image('own-service'), 'find', '/app', ...unwanted), '');
});

await step('a project that the command has made builds its own Dockerfile, and serves', async () => {
  const bench = await openWorkbench();
  try {
    await writeFile(join(bench.folder, 'doubles.onnx'), doubling());
    await bench.portico('.', 'new', 'doubles', 'doubles.onnx', '--preset', 'raw', '--yes');
    const context = join(bench.folder, 'doubles');
    await writeFile(join(context, '.npmrc'), `@portico:registry=${bench.registry}\n`);
    await buildImage({
      file: join(context, 'Dockerfile'),
      context,
      target: 'service',
      tag: image('made-project'),
      args: { BASE: base },
    });
  } finally {
    await bench[Symbol.asyncDispose]();
  }
  const port = await freePort();
  const environment = { PORT: port, DRAIN_SECONDS: 0 };
  await withContainer({ tag: image('made-project'), environment }, async (container) => {
    await untilOk(container, `http://127.0.0.1:${port}/ready`);
    const response = await fetch(`http://127.0.0.1:${port}/doubles`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: { x: { data: [1, 2, 3, 4] } } }),
    });
    assert.deepEqual(await response.json(), { y: { shape: [4], data: [2, 4, 6, 8] } });
    assert.equal(container.checkHealth(), 0, 'HEALTHCHECK fails');
    assert.equal(container.stop(), 0);
  });
  const unwanted = ['-name', 'typescript', '-o', '-name', '.npmrc', '-o', '-name', '*.test.*'];
  assert.equal(runInImage(image('made-project'), 'find', '/app', '-maxdepth', '3', ...unwanted), '');
});

await step('deploy/compose.yaml runs the server and the page that finds it', async () => {
  const { services } = parse(readFileSync(join(root, 'deploy/compose.yaml'), 'utf8'));
  for (const [name, { build }] of Object.entries(services)) {
    await buildImage({ file, context: root, target: build.target, tag: image(name) });
  }
  console.log(`   the page: ${Math.round((imageBytes(image('demo')) - imageBytes(base)) / 1e6)} MB over the base`);
  const [serverPort, pagePort] = [await freePort(), await freePort()];
  const server = inPodman(services.server, { tag: image('server'), PORT: serverPort, MODEL_NAME: 'faces' });
  const page = inPodman(services.demo, {
    tag: image('demo'),
    PORT: pagePort,
    PORTICO_URL: `http://127.0.0.1:${serverPort}`,
  });
  await withContainer(server, async (serving) => {
    await untilOk(serving, `http://127.0.0.1:${serverPort}/ready`);
    assert.notEqual(serving.execute('touch', '/app/x'), 0);
    assert.equal(serving.execute('touch', '/cache/x'), 0, 'the volume cannot be written to');
    await withContainer(page, async (showing) => {
      await untilOk(showing, `http://127.0.0.1:${pagePort}/`);
      const html = await (await fetch(`http://127.0.0.1:${pagePort}/`)).text();
      assert.ok(html.includes(`http://127.0.0.1:${serverPort}`), 'the page does not name the server');
      const [, script] = /src="(\/_next\/static\/[^"]+\.js)"/.exec(html) ?? [];
      assert.ok((await fetch(`http://127.0.0.1:${pagePort}${script}`)).ok, `${script} is not served`);
      const { uid, capabilities } = kernelView(showing.pid);
      assert.deepEqual({ uid, capabilities }, { uid: 1000, capabilities: 0 });
      assert.equal(showing.checkHealth(), 0, 'HEALTHCHECK of the page fails');
      assert.equal(showing.stop(), 0);
    });
    assert.equal(serving.checkHealth(), 0, 'HEALTHCHECK of the server fails');
    assert.equal(serving.stop(), 0);
  });
});
await step(
  'the service on GPUs takes its libraries from a mirror, and runs on the CPU where there is no GPU',
  async () => {
    // Another library in their place: where they come from and what becomes of them is the same.
    const library = process.report.getReport().sharedObjects.find((path) => path.includes('/libm.so'));
    const names = ['shared', 'cuda'].map((name) => `libonnxruntime_providers_${name}.so`);
    const bytes = readFileSync(library);
    const nuget = zipOf(Object.fromEntries(names.map((name) => [`runtimes/linux-x64/native/${name}`, bytes])));
    const mirror = createServer((_request, response) => response.end(nuget)).listen(0, '127.0.0.1');
    await once(mirror, 'listening');
    const args = { PORTICO_CUDA_PACKAGE: `http://127.0.0.1:${mirror.address().port}/onnxruntime.nupkg` };
    await buildImage({ file, context: root, target: 'cuda', tag: image('cuda'), args }).finally(() => mirror.close());
    const found = runInImage(image('cuda'), 'find', '/app/node_modules', '-name', 'libonnxruntime_providers_*.so');
    assert.equal(found.split('\n').length, names.length, found);
    const port = await freePort();
    const environment = { PORT: port, MODEL_NAME: 'vad', DRAIN_SECONDS: 0 };
    await withContainer({ tag: image('cuda'), environment }, async (container) => {
      await untilOk(container, `http://127.0.0.1:${port}/ready`);
      assert.equal(container.checkHealth(), 0, 'HEALTHCHECK fails');
      assert.equal(container.stop(), 0);
    });
  },
);
summary();

/** What the Dockerfile needs of a project: a `main`, a script `build`, and no more in the context than that takes. */
async function completeProject(folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const build = 'node node_modules/typescript-7/bin/tsc -p .';
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ ...manifest, main: 'out/main.js', scripts: { build } }),
  );
  const compilerOptions = { target: 'es2022', module: 'nodenext', types: ['node'], rootDir: 'src', outDir: 'out' };
  const config = { compilerOptions, files: ['src/main.ts', 'src/model.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await writeFile(join(folder, '.dockerignore'), 'node_modules\nout\n');
}

/** A service of a compose file as options of a container. All containers here have the machine's network. */
function inPodman({ environment, mem_limit: memory, pids_limit: pids, volumes = [] }, { tag, ...overrides }) {
  const options = [`--pids-limit=${pids}`, ...volumes.map((volume) => `--volume=portico-verify-${volume}`)];
  return { tag, memory, options, environment: { ...environment, ...overrides } };
}
