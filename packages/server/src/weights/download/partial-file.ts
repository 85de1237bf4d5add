import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onDisk } from './on-disk.ts';

const ending = '.part';
/** A download that lives is written to more often than that, whatever it waits for. */
const staleMs = 10 * 60_000;

/** A download on its way to the disk, hashed as it is written. No other process writes to the same file. */
export class PartialFile {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: FileHandle;
  #hash = createHash('sha256');
  #byteLength = 0;

  private constructor(folder: string, path: string, file: FileHandle) {
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
  }

  /** Begins one in the folder, and removes what killed processes have left there. */
  static create(folder: string): Promise<PartialFile> {
    return onDisk(folder, async () => {
      await mkdir(folder, { recursive: true });
      await removeStale(folder);
      const path = join(folder, `${randomUUID()}${ending}`);
      return new PartialFile(folder, path, await open(path, 'wx'));
    });
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** Of what has been written so far. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async append(chunk: Uint8Array): Promise<void> {
    await onDisk(this.#folder, async () => {
      for (let written = 0; written < chunk.byteLength;) {
        const { bytesWritten } = await this.#file.write(
          chunk,
          written,
          chunk.byteLength - written,
          this.#byteLength + written,
        );
        written += bytesWritten;
      }
    });
    this.#hash.update(chunk);
    this.#byteLength += chunk.byteLength;
  }

  /** Forgets what has been written. */
  async restart(): Promise<void> {
    await onDisk(this.#folder, () => this.#file.truncate(0));
    this.#hash = createHash('sha256');
    this.#byteLength = 0;
  }

  /** Puts it, whole and on the disk, where others look for it. */
  async keepAs(path: string): Promise<void> {
    await onDisk(this.#folder, async () => {
      await this.#file.sync();
      await mkdir(dirname(path), { recursive: true });
      await rename(this.#path, path);
    });
  }

  /** Closes it, and removes it unless it was kept. */
  async dispose(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(ending)) continue;
    const path = join(folder, name);
    // Another process may be removing it too.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > staleMs) await rm(path, { force: true });
  }
}
