import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('fake-nvml.c', import.meta.url));

/** Why the fake driver cannot be built here; undefined where it can. */
export const noCompiler = spawnSync('cc', ['--version']).error ? 'there is no C compiler (cc)' : undefined;

/** Builds fake drivers in a folder of its own; what may be defined is at the top of the source. */
export class FakeNvmlBuilds {
  readonly #folder = mkdtempSync(join(tmpdir(), 'portico-nvml-'));
  #count = 0;

  build(definitions: Readonly<Record<string, number>> = {}): string {
    const path = join(this.#folder, `fake-nvml-${this.#count++}.so`);
    const flags = Object.entries(definitions).map(([name, value]) => `-D${name}=${value}`);
    execFileSync('cc', ['-shared', '-fPIC', '-Wall', '-Werror', ...flags, '-o', path, source]);
    return path;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
