import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { doubling } from '../onnx/models.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const portico = join(root, 'packages/server/dist/cli/main.js');
/** A service whose sources are compiled on import, with the packages of this repository. */
const project = fileURLToPath(new URL('project', import.meta.url));

export interface Service extends Disposable {
  readonly folder: string;
  /** Changes a file: the first occurrence of a text. Without texts the file as it was. */
  edit(file: string, before?: string, after?: string): void;
  write(file: string, content: string | Uint8Array): void;
  /** Runs a command to its end. */
  run(...words: readonly string[]): Promise<Ended>;
  /** Starts a command that runs on. */
  start(words: readonly string[], environment?: NodeJS.ProcessEnv): Running;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Everything that it has written so far. */
  readonly said: () => string;
}

/** A service in a folder of its own that doubles four numbers. */
export function makeService(): Service {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'portico-service-')));
  cpSync(project, folder, { recursive: true });
  writeFileSync(join(folder, 'double/net.onnx'), doubling());
  linkPackages(folder);
  const launch = (
    words: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): ChildProcessByStdio<null, Readable, Readable> =>
    spawn(process.execPath, [portico, ...words], {
      cwd: folder,
      env: {
        ...process.env,
        PORT: '0',
        HOST: '127.0.0.1',
        DRAIN_SECONDS: '0',
        MODEL_CACHE_DIR: join(folder, '.cache'),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    folder,
    edit: (file, before, after = '') => {
      if (before === undefined) return cpSync(join(project, file), join(folder, file));
      const content = readFileSync(join(folder, file), 'utf8');
      if (!content.includes(before)) throw new Error(`${file} has no ${before}`);
      writeFileSync(
        join(folder, file),
        content.replace(before, () => after),
      );
    },
    write: (file, content) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    },
    run: async (...words) => {
      const child = launch(words);
      const [output, errors, [code]] = (await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'exit'),
      ])) as [string, string, [number | null]];
      return { code, output, errors };
    },
    start: (words, environment) => {
      const child = launch(words, environment);
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString();
        });
      return {
        child,
        said: () => said,
        [Symbol.asyncDispose]: async () => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const exited = once(child, 'exit');
          child.kill('SIGTERM');
          await exited;
        },
      };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function linkPackages(folder: string): void {
  const fromRoot = createRequire(join(root, 'package.json'));
  const packages = {
    '@portico/schemas': join(root, 'packages/schemas'),
    '@portico/server': join(root, 'packages/server'),
    tsx: dirname(fromRoot.resolve('tsx/package.json')),
    zod: dirname(createRequire(import.meta.url).resolve('zod/package.json')),
  };
  for (const [name, target] of Object.entries(packages)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(target), link, 'dir');
  }
}
