import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { loadedModules, recordingModules } from '../harness/loaded-modules.ts';
import { environmentOf, mappedFiles, socketsOf, threadsOf } from '../harness/process-facts.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';

const page = new URL('../../../../samples/page.jpg', import.meta.url);
const headers = { authorization: 'Bearer secret' };
const nativeLibraries = /onnxruntime|libvips|sharp|koffi/;
/** Of the gateway only. */
const gatewayModules =
  /^(@?fastify|@trpc|pino|prom-client|@opentelemetry)\b|server\/dist\/(http|dispatch|spawn|gpu|config|start|create-server)\b/;
/** What tracing takes, which is off here. */
const tracingModules = /^@opentelemetry\/(?!api\b)|server\/dist\/tracing\/sdk\b/;
/** Of engines only: what models and their author's API bring. */
const engineModules =
  /^(onnxruntime|sharp|@img|koffi)\b|(server\/dist\/(engine|testing)|server\/dist\/model\/(index|define-model|tensor)|media\/dist)\b|(ocr\/model|fixtures\/dense)\.js$/;

let home: string;
let modules: string;
let server: ServerProcess;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'portico-home-'));
  modules = await mkdtemp(join(tmpdir(), 'portico-modules-'));
  server = await startServer({
    MODEL_NAME: 'ocr,dense',
    API_KEYS: 'secret',
    REGISTRY_PASSWORD: 'secret',
    HOME: home,
    TMPDIR: home,
    ...recordingModules(modules),
  });
  await server.ready();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await Promise.all([home, modules].map((folder) => rm(folder, { recursive: true })));
});

it('the gateway has no native library of a model mapped, whatever it has served', async () => {
  const dense = await ask(server, 'dense', { value: 2 }, { headers });
  const ocr = await fetch(`${server.url}/ocr`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'image/jpeg' },
    body: await readFile(page),
  });
  expect([dense.status, ocr.status]).toEqual([200, 200]);
  expect((await mappedFiles(server.child.pid ?? 0)).filter((file) => nativeLibraries.test(file))).toEqual([]);
});

it('the engines do, which shows that the test above can fail', async () => {
  const files = (await Promise.all((await server.engines()).map(mappedFiles))).flat().join('\n');
  expect(files).toMatch(/libonnxruntime/);
  expect(files).toMatch(/libvips|sharp/);
});

it('the gateway loads nothing that is for engines, and engines nothing that is for the gateway', async () => {
  const gateway = await loadedModules(modules, server.child.pid ?? 0);
  expect(gateway.filter((module) => engineModules.test(module))).toEqual([]);
  expect(gateway.filter((module) => gatewayModules.test(module)).length).toBeGreaterThan(100);
  expect(gateway.filter((module) => tracingModules.test(module))).toEqual([]);
  expect(gateway).toContainEqual(expect.stringMatching(/^@opentelemetry\/api\b/));
  const engines = await Promise.all((await server.engines()).map((pid) => loadedModules(modules, pid)));
  expect(engines).toHaveLength(2);
  for (const engine of engines) {
    expect(engine.filter((module) => gatewayModules.test(module))).toEqual([]);
    expect(engine).toContainEqual(expect.stringMatching(/(ocr\/model|fixtures\/dense)\.js$/));
    expect(engine).toContain('onnxruntime-node/dist/index.js');
  }
});

it('an engine sends no telemetry, and gets of the environment only what it needs or what is named for it', async () => {
  const environments = await Promise.all((await server.engines()).map(environmentOf));
  expect(environments).toHaveLength(2);
  for (const environment of environments) {
    expect(environment['ORT_DISABLE_TELEMETRY']).toBe('1');
    expect(environment).toMatchObject({ HOME: home, LOADED_MODULES: modules });
    for (const name of ['API_KEYS', 'MODEL_NAME', 'REGISTRY_PASSWORD']) expect(environment).not.toHaveProperty(name);
  }
});

it("an engine holds no socket of the gateway, or of another engine, that would hide the gateway's end", async () => {
  const held = await Promise.all([server.child.pid ?? 0, ...(await server.engines())].map(socketsOf));
  for (const sockets of held) expect(sockets.length).toBeGreaterThan(0);
  expect(new Set(held.flat()).size).toBe(held.flat().length);
});

it('an engine has the priority of the gateway', async () => {
  const [gateway, ...engines] = await Promise.all([server.child.pid ?? 0, ...(await server.engines())].map(threadsOf));
  expect(new Set(engines.flat().map(({ nice }) => nice))).toEqual(new Set(gateway?.map(({ nice }) => nice)));
});

it('no telemetry is written down', async () => {
  const files = await readdir(home, { recursive: true });
  expect(files.filter((file) => /microsoft|telemetry|onnxruntime|\.ses$/i.test(file))).toEqual([]);
});
