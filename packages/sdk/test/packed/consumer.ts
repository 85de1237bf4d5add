import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import rootPackage from '../../../../package.json' with { type: 'json' };

const run = promisify(execFile);
const sdkFolder = join(import.meta.dirname, '../..');

/** A project outside the workspace that has the packed SDK installed. */
export interface Consumer extends AsyncDisposable {
  readonly folder: string;
}

/** Packs the built SDK and installs it with npm in an empty folder, next to other packages. */
export async function installConsumer(packages: Readonly<Record<string, string>>): Promise<Consumer> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-sdk-'));
  const { name, version } = rootPackage.devEngines.packageManager;
  await run('npx', ['--yes', `${name}@${version}`, 'pack', '--pack-destination', folder], { cwd: sdkFolder });
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { '@portico/sdk': `file:${String(tarball)}`, ...packages },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
  await cp(join(import.meta.dirname, 'program.ts'), join(folder, 'program.ts'));
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** How a consumer compiles. */
export interface CompileOptions {
  /** The folder of a TypeScript in `node_modules`. */
  readonly typescript: string;
  readonly moduleResolution: 'nodenext' | 'bundler';
  readonly skipLibCheck?: boolean;
  /** Whether the project knows a browser's globals. */
  readonly dom?: boolean;
  readonly file?: string;
}

/** Compiles the consumer's program; rejects with the compiler's words. */
export async function compile({ folder }: Consumer, options: CompileOptions): Promise<string> {
  const { typescript, moduleResolution, skipLibCheck = true, dom = true, file = 'program.ts' } = options;
  const config = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable', ...(dom ? ['dom', 'dom.iterable'] : [])],
      types: ['node'],
      module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck,
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

/** Runs a compiled program against a server; answers with what it prints. */
export async function runProgram(program: string, url: string): Promise<string> {
  const { stdout } = await run(process.execPath, [program, url]);
  return stdout;
}
