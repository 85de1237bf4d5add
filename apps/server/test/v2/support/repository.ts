import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of files for `MODEL_REPOSITORY`, gone with the test. */
export function repository(files: Readonly<Record<string, Uint8Array>>): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'repository-'));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(join(path, dirname(name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
