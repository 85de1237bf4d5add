import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { storedWeights } from '../../fixtures/tasks.ts';

/** Where the model `loading` finds its weights, and, beside them, what its variant `scripted` does while it loads. */
export class WeightsFolder {
  #folder: string | undefined;

  /** What the server has to know of it. */
  async create(): Promise<NodeJS.ProcessEnv> {
    this.#folder = await mkdtemp(join(tmpdir(), 'portico-weights-'));
    await mkdir(dirname(this.#path), { recursive: true });
    await this.store(storedWeights.bytes);
    return { NODE_PATH: this.#folder };
  }

  store(bytes: Uint8Array): Promise<void> {
    return writeFile(this.#path, bytes);
  }

  /** From now on an engine that loads does this. */
  script(misfortune: 'exits' | 'waits' | 'none'): Promise<void> {
    return writeFile(join(dirname(this.#path), 'misfortune'), misfortune);
  }

  async remove(): Promise<void> {
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true });
  }

  get #path(): string {
    return join(this.#folder ?? '', storedWeights.package, storedWeights.path);
  }
}
