import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { node, onnxFile } from '../onnx/onnx.ts';
import { doubling } from '../onnx/models.ts';
import { type NpmRegistry, startNpmRegistry } from './npm-registry.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../../..');
const releaseTimeoutMs = 240_000;
const installTimeoutMs = 240_000;
const commandTimeoutMs = 60_000;

export const compilers = { 'typescript-5.9': 'npm:typescript@5.9.3', 'typescript-7': 'npm:typescript@7.0.2' };

/** A service outside the workspace: sources of its own, its packages from a registry. */
export interface OwnService extends AsyncDisposable {
  readonly folder: string;
  readonly registry: NpmRegistry;
}

/** Releases every package of the workspace, as it is built, to a registry of this test, and installs a service with npm from there. */
export async function installOwnService(): Promise<OwnService> {
  const registry = await startNpmRegistry();
  const folder = await mkdtemp(join(tmpdir(), 'portico-own-service-'));
  const service: OwnService = {
    folder,
    registry,
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
  try {
    await release(registry);
    await writeProject(service);
    await npm(service, 'install');
    return service;
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
}

/** Publishes what the registry does not have yet; returns what the script prints. */
export async function release({ url }: NpmRegistry): Promise<string> {
  const { stdout } = await run(process.execPath, [join(root, 'scripts/release.mjs'), '--rehearse', url], {
    cwd: root,
    // npm publishes nothing for those who have no token, whatever it is.
    env: { ...process.env, [`npm_config_${url.replace('http:', '')}:_authToken`]: 'rehearsal' },
    timeout: releaseTimeoutMs,
  });
  return stdout;
}

/** Writes the programs of a package's README, each under the name in its first line or a number; returns the files. */
export async function writeReadme({ folder }: OwnService, name: string): Promise<string[]> {
  const readme = await readFile(join(folder, 'node_modules/@portico', name, 'README.md'), 'utf8');
  const programs = [...readme.matchAll(/^```ts\n(?:\/\/ (\S+\.ts)\n)?(.*?)^```/gms)].map(
    ([, file, text = ''], index) => [`readme/${name}/${file ?? `${index}.ts`}`, text] as const,
  );
  await mkdir(join(folder, 'src/readme', name), { recursive: true });
  await Promise.all(programs.map(([file, text]) => writeFile(join(folder, 'src', file), text)));
  return programs.map(([file]) => file);
}

async function writeProject({ folder, registry }: OwnService): Promise<void> {
  await cp(join(import.meta.dirname, 'project'), folder, { recursive: true });
  await mkdir(join(folder, 'weights'));
  await writeFile(join(folder, 'weights/net.onnx'), doubling());
  await writeFile(join(folder, 'weights/renamed.onnx'), renamed());
  await writeFile(join(folder, '.npmrc'), `@portico:registry=${registry.url}\n`);
  const manifest = {
    name: 'own-service',
    private: true,
    type: 'module',
    dependencies: {
      '@portico/media': '*',
      '@portico/schemas': '*',
      '@portico/sdk': '*',
      '@portico/server': '*',
      // The server brings the other two that @portico/sdk/trpc needs.
      '@trpc/client': '^11.25.2',
      zod: '^4.6.7',
    },
    devDependencies: { '@types/node': '20.19.43', ...compilers },
    allowScripts: { 'onnxruntime-node': false, koffi: false },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
}

/** `doubling`, with another name for its output. */
const renamed = (): Uint8Array =>
  onnxFile({
    nodes: [node('Add', ['x', 'x'], ['z'])],
    inputs: [{ name: 'x', type: 'float32', shape: [4] }],
    outputs: [{ name: 'z', type: 'float32', shape: [4] }],
  });

/** Runs npm in the service. Where it obeys `allowScripts`, that alone keeps onnxruntime-node's install script from running: it would fail. */
export async function npm({ folder }: OwnService, ...words: readonly string[]): Promise<void> {
  const { stdout } = await run('npm', ['--version']);
  const [major = 0, minor = 0] = stdout.split('.').map(Number);
  const obeysAllowScripts = major > 11 || (major === 11 && minor >= 19);
  await run('npm', [...words, '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: folder,
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: obeysAllowScripts ? 'not to be installed' : 'skip' },
    timeout: installTimeoutMs,
  });
}

export interface CompileOptions {
  readonly typescript: keyof typeof compilers;
  readonly files: readonly string[];
  /** Whether the files know a browser's globals. */
  readonly dom?: boolean;
}

/** Compiles files of `src` into `out`, checking the declarations of every package on the way. */
export async function compile(
  { folder }: OwnService,
  { typescript, files, dom = false }: CompileOptions,
): Promise<void> {
  const config = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', ...(dom ? ['dom', 'dom.iterable'] : [])],
      types: ['node'],
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      // A module that exports its registration has the types written out.
      declaration: true,
      rootDir: 'src',
      outDir: 'out',
    },
    files: files.map((file) => `src/${file}`),
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await runNode(folder, join('node_modules', typescript, 'bin/tsc'), '-p', '.').catch((error: { stdout: string }) => {
    throw new Error(`${typescript}: ${error.stdout}`, { cause: error });
  });
}

/** Runs a script in a folder; returns what it prints. */
export async function runNode(folder: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [...words], { cwd: folder, timeout: commandTimeoutMs });
  return stdout;
}
