// Lists the modules of the gateway that one request executes: `node scripts/count-modules.mjs`, after a build.
import { readFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');
const ownCode = ['packages/server/dist', 'packages/api/dist', 'packages/schemas/dist'];
const readyTimeoutMs = 60_000;

// The server runs in this process, whose inspector then counts the calls of every function.
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
Object.assign(process.env, {
  HOST: '127.0.0.1',
  PORT: String(port),
  MODEL_NAME: 'ocr',
  REPLICAS: '1',
  LOG_LEVEL: 'error',
});
await import(join(root, 'apps/server/dist/main.js'));
await ready();

const inspector = new Session();
inspector.connect();
await inspector.post('Profiler.enable');
await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
await inspector.post('Profiler.takePreciseCoverage');
await readPage();
const { result } = await inspector.post('Profiler.takePreciseCoverage');

const modules = result
  .filter(({ url, functions }) => url.startsWith('file:') && functions.some(({ ranges }) => ranges[0].count > 0))
  .map(({ url }) => relative(root, fileURLToPath(url)))
  .filter((path) => ownCode.some((folder) => path.startsWith(`${folder}/`)))
  .toSorted();
for (const folder of new Set(modules.map(folderOf))) {
  const files = modules.filter((path) => folderOf(path) === folder);
  console.log(`${String(files.length).padStart(3)} ${folder}`);
  for (const file of files) console.log(`      ${file.slice(folder.length + 1)}`);
}
console.log(`${String(modules.length).padStart(3)} in all`);
process.kill(process.pid, 'SIGTERM');

/** `packages/server/dist/http` for everything below it; other packages are a folder each. */
function folderOf(path) {
  const [, folder] = /^(packages\/server\/dist\/[^/]+(?=\/)|packages\/[^/]+\/dist)/.exec(path);
  return folder;
}

async function readPage() {
  const form = new FormData();
  form.append('file', new Blob([await readFile(join(root, 'samples/page.jpg'))], { type: 'image/jpeg' }), 'page.jpg');
  const response = await fetch(`${url}/ocr`, { method: 'POST', body: form });
  if (!response.ok) throw new Error(`POST /ocr answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

async function ready() {
  const until = performance.now() + readyTimeoutMs;
  while (!(await fetch(`${url}/ready`)).ok) {
    if (performance.now() > until) throw new Error(`The server is not ready after ${readyTimeoutMs} ms.`);
    await sleep(100);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
