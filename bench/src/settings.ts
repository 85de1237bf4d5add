import { availableParallelism } from 'node:os';

/** How long to measure, where the generated models are, and the folders with images that a comparison reads. */
export interface Settings {
  readonly quick: boolean;
  readonly modelFolder: string;
  readonly folders: readonly string[];
}

/** Engines of a server that serves one model on a CPU, and so what is compared with them. */
export const replicas = availableParallelism();

/** Enough to keep every engine busy with one more request waiting behind each run. */
export const saturatingClients = 3 * replicas;
