import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Project } from './project.ts';

const run = promisify(execFile);
const timeoutMs = 30_000;

/** The bundler that a project needs for this, by its package. */
export const bundler = { esbuild: '0.28.2' };

/** A module that a bundler made part of a program. */
export interface BundledModule {
  readonly path: string;
  /** What is left of it in the minified bundle. */
  readonly bytes: number;
}

/** A program for browsers in one file. */
export interface Bundle {
  readonly path: string;
  readonly text: string;
  /** By `gzip -9`, as it travels. */
  readonly compressedBytes: number;
  /** Largest first. */
  readonly modules: readonly BundledModule[];
  /** What the program still imports when it runs. */
  readonly imports: readonly string[];
}

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
        readonly imports: readonly { readonly path: string }[];
      }
    >
  >;
}

/** Bundles a program of the project for browsers. */
export async function bundle({ folder }: Project, program: string, words: readonly string[] = []): Promise<Bundle> {
  const path = join(folder, 'bundles', program.replace(/ts$/, 'js'));
  const metafile = `${path}.json`;
  const esbuild = join(folder, 'node_modules/esbuild/bin/esbuild');
  const options = ['--bundle', '--minify', '--format=esm', '--platform=browser', '--target=es2022', ...words];
  await run(esbuild, [program, ...options, `--outfile=${path}`, `--metafile=${metafile}`, '--log-level=warning'], {
    cwd: folder,
    timeout: timeoutMs,
  });
  const text = await readFile(path, 'utf8');
  const { outputs } = JSON.parse(await readFile(metafile, 'utf8')) as Metafile;
  const [output] = Object.values(outputs);
  if (output === undefined) throw new Error(`${program} became nothing.`);
  const modules = Object.entries(output.inputs).map(([source, { bytesInOutput }]) => ({
    path: source.replace(/^.*node_modules\//, ''),
    bytes: bytesInOutput,
  }));
  return {
    path,
    text,
    compressedBytes: gzipSync(text, { level: 9 }).byteLength,
    modules: modules.sort((one, other) => other.bytes - one.bytes),
    imports: output.imports.map((imported) => imported.path),
  };
}

/** What a bundle weighs, and of what. */
export function weightOf({ compressedBytes, text, modules }: Bundle): string {
  const largest = modules.slice(0, 20).map(({ path, bytes }) => `${String(bytes).padStart(8)}  ${path}`);
  return [`${compressedBytes} bytes by gzip -9, ${text.length} before`, ...largest].join('\n');
}
