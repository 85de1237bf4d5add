import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedModules, recordingModules } from '../harness/loaded-modules.ts';
import { eventually, type ServerProcess, startServer } from '../harness/server-process.ts';
import {
  compile,
  compilers,
  installOwnService,
  npm,
  type OwnService,
  release,
  runNode,
  writeReadme,
} from './own-service.ts';

const serverFiles = ['contract.ts', 'index.ts', 'model.ts', 'main.ts'];
const typescripts = Object.keys(compilers) as (keyof typeof compilers)[];

// Later tests change what is installed, so that none of them can run again.
describe('a service of its own, with packages from a registry', { retry: 0 }, () => {
  let service: OwnService;
  const at = (...path: string[]): string => join(service.folder, ...path);
  const start = (environment: NodeJS.ProcessEnv = {}): Promise<ServerProcess> =>
    startServer(environment, [], at('out/main.js'));
  /** Asks for JSON with JSON. */
  const ask = async ({ url }: ServerProcess, path: string, body?: unknown): Promise<unknown> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return (await fetch(`${url}${path}`, body === undefined ? {} : init)).json();
  };
  const lockedPackages = async (): Promise<Record<string, { integrity?: string }>> => {
    const lock = JSON.parse(await readFile(at('package-lock.json'), 'utf8')) as {
      packages: Awaited<ReturnType<typeof lockedPackages>>;
    };
    return lock.packages;
  };
  /** Why the service is not ready, once it says more than that it loads. */
  const detailOf = (server: ServerProcess, pattern: RegExp): Promise<string> =>
    eventually(async () => {
      const { detail = '' } = (await ask(server, '/ready')) as { detail?: string };
      return pattern.test(detail) ? detail : undefined;
    });

  beforeAll(async () => {
    service = await installOwnService();
  }, 600_000);

  afterAll(() => service?.[Symbol.asyncDispose]());

  it('gets every package from a release, which sends what is needed first and nothing twice', async () => {
    const { published } = service.registry;
    const names = ['schemas', 'api', 'media', 'sdk', 'server'].map((name) => `@portico/${name}`);
    expect(published.map(({ name }) => name)).toEqual(names);
    const packages = await lockedPackages();
    for (const { name, integrity } of published) expect(packages[`node_modules/${name}`]?.integrity).toBe(integrity);
    expect((await release(service.registry)).match(/is published already/g)).toHaveLength(5);
    expect(published).toHaveLength(5);
  });

  it('has one copy of Zod and of ONNX Runtime, whose install script has not run', async () => {
    const copies = Object.keys(await lockedPackages()).filter((path) =>
      /\/(zod|onnxruntime-(node|common))$/.test(path),
    );
    expect(copies.sort()).toEqual([
      'node_modules/onnxruntime-common',
      'node_modules/onnxruntime-node',
      'node_modules/zod',
    ]);
    const native = at('node_modules/onnxruntime-node/bin/napi-v6/linux/x64');
    expect(existsSync(join(native, 'libonnxruntime_providers_cuda.so'))).toBe(false);
    const readme = await readFile(at('node_modules/@portico/server/README.md'), 'utf8');
    expect(readme).toContain('ONNXRUNTIME_NODE_INSTALL=skip');
    expect(readme).toContain('"allowScripts"');
  });

  it.each(typescripts)('compiles with %s, declarations of all packages included', async (typescript) => {
    await expect(compile(service, { typescript, files: ['client.ts'], dom: true })).resolves.toBeUndefined();
    await expect(compile(service, { typescript, files: serverFiles })).resolves.toBeUndefined();
  });

  it('compiles as the READMEs show', async () => {
    const files = await Promise.all(['schemas', 'api', 'media', 'server'].map((name) => writeReadme(service, name)));
    expect(files.at(-1)).toEqual(serverFiles.map((file) => `readme/server/${file}`));
    expect(files.map((some) => some.length)).not.toContain(0);
    await expect(compile(service, { typescript: 'typescript-7', files: files.flat() })).resolves.toBeUndefined();
  });

  it('serves its task over REST and tRPC, documents it, and answers its typed client', async () => {
    const modules = await mkdtemp(join(tmpdir(), 'portico-modules-'));
    await using server = await start(recordingModules(modules));
    await server.ready();
    expect(await ask(server, '/ready')).toMatchObject({
      status: 'ready',
      models: [{ name: 'double', variant: 'net' }],
    });
    expect(await ask(server, '/double', { input: { values: [1, 2, 3, 4] } })).toEqual({ values: [2, 4, 6, 8] });
    expect(await ask(server, '/trpc/double.infer', { json: { input: { values: [1, 2, 3, 4] } } })).toEqual({
      result: { data: { json: { values: [2, 4, 6, 8] } } },
    });
    expect(await ask(server, '/double', { input: { values: [1] } })).toMatchObject({ code: 'INVALID_PARAMETERS' });
    expect(await ask(server, '/openapi.json')).toMatchObject({
      paths: { '/double': { post: { summary: 'Double four numbers.' } } },
    });
    expect(await ask(server, '/models')).toMatchObject({
      models: [{ name: 'double', summary: 'Double four numbers.', variants: ['net', 'renamed'] }],
    });
    expect(JSON.parse(await runNode(service.folder, 'out/client.js', server.url))).toEqual({
      values: [0.2, 2, 4, 6],
      overTrpc: [10, 12, 14, 16],
      sum: 64.2,
    });

    const gateway = await loadedModules(modules, server.child.pid ?? 0);
    expect(gateway).toEqual(expect.arrayContaining([at('out/main.js'), at('out/index.js'), 'fastify/fastify.js']));
    expect(gateway.filter((module) => /^onnxruntime|server\/dist\/engine|out\/model/.test(module))).toEqual([]);
    const [engine = 0] = await server.engines();
    const loaded = await loadedModules(modules, engine);
    expect(loaded).toEqual(expect.arrayContaining([at('out/model.js'), 'onnxruntime-node/dist/index.js']));
    expect(
      loaded.filter((module) => /^(@?fastify|@trpc|pino)|server\/dist\/http|out\/(main|index)/.test(module)),
    ).toEqual([]);
    await rm(modules, { recursive: true });
  });

  it('says which tensor its file lacks', async () => {
    await using server = await start({ MODEL_NAME: 'double:renamed' });
    expect(await detailOf(server, /expects/)).toMatch(
      /renamed\.onnx is not the file .* the model expects an output "y", the file has "z"/,
    );
  });

  it('compiles and serves with the oldest Zod that the packages admit', async () => {
    await npm(service, 'install', 'zod@4.1.0');
    await compile(service, { typescript: 'typescript-5.9', files: serverFiles });
    await using server = await start();
    await server.ready();
    expect(await ask(server, '/double', { input: { values: [1, 2, 3, 4] } })).toEqual({ values: [2, 4, 6, 8] });
    expect(await ask(server, '/openapi.json')).toMatchObject({ openapi: '3.1.0' });
  });

  it('says how to install ONNX Runtime where its library is missing', async () => {
    const library = at('node_modules/onnxruntime-node/bin');
    await rename(library, `${library}-elsewhere`);
    try {
      await using server = await start();
      const detail = await detailOf(server, /onnxruntime-node/);
      expect(detail).toMatch(/onnxruntime-node cannot be loaded on linux x64: Cannot find module/);
      expect(detail).toContain('ONNXRUNTIME_NODE_INSTALL=skip');
      expect(detail).toContain('"allowScripts": { "onnxruntime-node": false }');
    } finally {
      await rename(`${library}-elsewhere`, library);
    }
  });

  it('names both copies of ONNX Runtime where there is a second, and what to do', async () => {
    // As npm lays them out when the service depends on another version than Portico does.
    const [top, nested] = [at('node_modules'), at('node_modules/@portico/server/node_modules')];
    await mkdir(nested);
    for (const name of ['onnxruntime-node', 'onnxruntime-common']) {
      await rename(join(top, name), join(nested, name));
      await cp(join(nested, name), join(top, name), {
        recursive: true,
        filter: (path) => !/\/bin\/napi-v6\/(darwin|win32)$/.test(path),
      });
    }
    const model = await readFile(at('out/model.js'), 'utf8');
    await writeFile(at('out/model.js'), `import { InferenceSession } from 'onnxruntime-node';\n${model}`);

    await using server = await start();
    await detailOf(server, /There are two copies of onnxruntime-node/);
    // `/ready` hides folders; the log has them, some milliseconds later.
    const lines = () => server.log.map(({ msg }) => String(msg)).filter((text) => /two copies/.test(text));
    await expect.poll(lines, { timeout: 10_000 }).not.toEqual([]);
    const [line] = lines();
    const folder = await realpath(dirname(nested));
    expect(line).toContain(`Portico uses ${folder}/node_modules/onnxruntime-node,`);
    expect(line).toContain(`the model imports ${await realpath(top)}/onnxruntime-node.`);
    expect(line).toContain('Remove onnxruntime-node from the dependencies');
  });
});
