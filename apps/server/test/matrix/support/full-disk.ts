import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kibibytes = 64;

/** A file system with no byte left. */
export class FullDisk {
  #folder: string | undefined;

  async create(): Promise<string> {
    this.#folder = mkdtempSync(join(tmpdir(), 'portico-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', this.#folder]);
    await writeFile(join(this.#folder, 'everything'), Buffer.alloc(kibibytes * 1024));
    return this.#folder;
  }

  /** Makes room. */
  grow(): void {
    execFileSync('mount', ['-o', 'remount,size=16m', this.#folder ?? '']);
  }

  async remove(): Promise<void> {
    if (this.#folder === undefined) return;
    execFileSync('umount', ['--lazy', this.#folder]);
    await rm(this.#folder, { recursive: true });
  }
}

/** Why there can be none here. */
export const whyNoFullDisk: string | undefined = (() => {
  if (process.getuid?.() !== 0) return 'only root may mount a file system of its own';
  const folder = mkdtempSync(join(tmpdir(), 'portico-disk-'));
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (status === 0) execFileSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return status === 0 ? undefined : `mount: ${String(stderr)}`;
})();
