import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Project } from './project.ts';

const run = promisify(execFile);
const timeoutMs = 60_000;

/** How a consumer compiles. */
export interface CompileOptions {
  /** The folder of a TypeScript in `node_modules`. */
  readonly typescript: string;
  readonly moduleResolution: 'nodenext' | 'bundler' | 'node10';
  readonly skipLibCheck?: boolean;
  /** Whether the project knows a browser's globals. */
  readonly dom?: boolean;
  readonly files?: readonly string[];
}

const modules = { nodenext: 'nodenext', bundler: 'esnext', node10: 'commonjs' } as const;

/** Compiles programs of the consumer; resolves with the path of the first, or rejects with the compiler's messages. */
export async function compile({ folder }: Project, options: CompileOptions): Promise<string> {
  const { typescript, moduleResolution, skipLibCheck = true, dom = true, files = ['program.ts', 'types.ts'] } = options;
  const config = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable', ...(dom ? ['dom', 'dom.iterable'] : [])],
      types: ['node'],
      module: modules[moduleResolution],
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck,
      outDir: 'out',
      rootDir: '.',
    },
    files,
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join('node_modules', typescript, 'bin/tsc');
  const compiling = run(process.execPath, [compiler, '-p', '.'], { cwd: folder, timeout: timeoutMs });
  await compiling.catch((error: { stdout: string }) => {
    throw new Error(`${typescript}, ${moduleResolution}:\n${error.stdout}`, { cause: error });
  });
  return join(folder, 'out', String(files[0]).replace(/ts$/, 'js'));
}
