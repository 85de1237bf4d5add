import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inCache } from './errors.ts';

const ending = '.part';
/** A download in progress writes more often than that: timeouts and delays between retries are shorter. */
const staleMs = 10 * 60_000;

/** A download on its way into the cache, hashed as it is written. No other process writes to the same file. */
export class PartialFile {
  readonly folder: string;
  readonly #path: string;
  readonly #file: FileHandle;
  #hash = createHash('sha256');
  #byteLength = 0;

  private constructor(folder: string, path: string, file: FileHandle) {
    this.folder = folder;
    this.#path = path;
    this.#file = file;
  }

  /** Creates one in the folder and removes those that killed processes left there. */
  static create(folder: string): Promise<PartialFile> {
    return inCache(folder, async () => {
      await mkdir(folder, { recursive: true });
      await removeStale(folder);
      const path = join(folder, `${randomUUID()}${ending}`);
      return new PartialFile(folder, path, await open(path, 'wx'));
    });
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** Of the bytes written so far. */
  get sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  async append(chunk: Uint8Array): Promise<void> {
    await inCache(this.folder, async () => {
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

  /** Discards what has been written. */
  async restart(): Promise<void> {
    await inCache(this.folder, () => this.#file.truncate(0));
    this.#hash = createHash('sha256');
    this.#byteLength = 0;
  }

  /** Syncs the whole file to the disk and moves it to where others look for it. */
  async keepAs(path: string): Promise<void> {
    await inCache(this.folder, async () => {
      await this.#file.sync();
      await mkdir(dirname(path), { recursive: true });
      await rename(this.#path, path);
    });
  }

  /** Closes the file and removes it unless it was kept. */
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
