import type { ModelList } from '../contract.ts';

/** Whether a task takes a file; undefined where the server does not know the task. */
type Kinds = ReadonlyMap<string, boolean>;

/**
 * Which tasks take a file and which JSON, where the input alone does not tell: a text may be the path of a file or itself
 * what a task is asked about. This side knows no tasks, so the server is asked, once.
 */
export class TaskKinds {
  readonly #models: () => Promise<ModelList>;
  #known: Kinds = new Map();
  #asking: Promise<void> | undefined;

  constructor(models: () => Promise<ModelList>) {
    this.#models = models;
  }

  /** Whether a task takes a file; a task that the server does not have is taken for one of JSON, and refused there. */
  async takesFile(task: string): Promise<boolean> {
    if (!this.#known.has(task)) {
      this.#asking ??= this.#ask();
      await this.#asking;
    }
    return this.#known.get(task) ?? false;
  }

  /** What an answer of the server tells. */
  learn({ models }: ModelList): void {
    const tasks = models.filter((model) => model.kind === 'task');
    this.#known = new Map(tasks.map(({ name, accepts }) => [name, !accepts.includes('application/json')]));
  }

  async #ask(): Promise<void> {
    try {
      this.learn(await this.#models());
    } finally {
      this.#asking = undefined;
    }
  }
}
