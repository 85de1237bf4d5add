import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import rootPackage from '../../../../package.json' with { type: 'json' };

const run = promisify(execFile);
const packagesFolder = join(import.meta.dirname, '../../..');

/** What `contract.ts` prints. */
export const contractOutput = [
  'barcodes,speakers,translate,ocr',
  '10 false',
  '0.5 false',
  'true speech',
  'true',
  'Task name "then" is reserved.',
  '',
].join('\n');

/** A project outside the workspace that has packed packages of ours installed. */
export interface Consumer extends AsyncDisposable {
  readonly folder: string;
  /** The last of the packed packages. */
  readonly tarball: Uint8Array<ArrayBuffer>;
}

/** Packs built packages of ours and installs them with npm in an empty folder, next to other packages. */
export async function installConsumer(
  packages: Readonly<Record<string, string>>,
  ours: readonly string[] = ['schemas'],
): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-packed-'));
  const packed: [name: string, place: string][] = [];
  let tarball = '';
  for (const name of ours) {
    tarball = await pack(name, folder);
    packed.push([`@portico/${name}`, `file:${tarball}`]);
  }
  const manifest = { private: true, type: 'module', dependencies: { ...Object.fromEntries(packed), ...packages } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
  await cp(join(import.meta.dirname, 'contract.ts'), join(folder, 'contract.ts'));
  return {
    folder,
    tarball: new Uint8Array(await readFile(join(folder, tarball))),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Packs a built package of the workspace; returns the name of the tarball. */
async function pack(name: string, folder: string): Promise<string> {
  const { name: manager, version } = rootPackage.devEngines.packageManager;
  const before = await readdir(folder);
  const words = ['--yes', `${manager}@${version}`, 'pack', '--pack-destination', folder];
  await run('npx', words, { cwd: join(packagesFolder, name) });
  return String((await readdir(folder)).find((file) => file.endsWith('.tgz') && !before.includes(file)));
}

/** How a consumer compiles. */
export interface CompileOptions {
  /** The folder of a TypeScript in `node_modules`. */
  readonly typescript: string;
  readonly moduleResolution: 'nodenext' | 'bundler';
  readonly file?: string;
}

/** Compiles a file, checking the package's declarations too; resolves with the output or rejects with the compiler's messages. */
export async function compile({ folder }: Consumer, options: CompileOptions): Promise<string> {
  const { typescript, moduleResolution, file = 'contract.ts' } = options;
  const config = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
      module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      outDir: 'out',
    },
    files: [file],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join('node_modules', typescript, 'bin/tsc');
  await run(process.execPath, [compiler, '-p', '.'], { cwd: folder }).catch((error: { stdout: string }) => {
    throw new Error(`${typescript}, ${moduleResolution}:\n${error.stdout}`);
  });
  return join(folder, 'out', file.replace(/ts$/, 'js'));
}

/** Runs a compiled file; resolves with what it prints. */
export async function runFile(file: string): Promise<string> {
  const { stdout } = await run(process.execPath, [file]);
  return stdout;
}
