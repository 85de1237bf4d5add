import type { Attempt } from '../calls/run-call.ts';
import type { ModelList } from '../contract.ts';

/** Whether a task takes a file; undefined where the server does not know the task. */
type Kinds = ReadonlyMap<string, boolean>;

/**
 * Which tasks take a file and which JSON, where the input alone does not tell: a text may be the path of a file or itself
 * what a task is asked about. This side knows no tasks, so the server is asked, until it has answered once. Each call asks
 * for itself, in its own time: one that is left, or waits in vain, holds no other up.
 */
export class TaskKinds {
  readonly #models: (attempt: Attempt) => Promise<ModelList>;
  #known: Kinds = new Map();

  constructor(models: (attempt: Attempt) => Promise<ModelList>) {
    this.#models = models;
  }

  /** Whether a task takes a file; a task that the server does not have is taken for one of JSON, and refused there. */
  async takesFile(task: string, attempt: Attempt): Promise<boolean> {
    if (!this.#known.has(task)) this.learn(await this.#models(attempt));
    return this.#known.get(task) ?? false;
  }

  /** What an answer of the server tells. */
  learn({ models }: ModelList): void {
    const tasks = models.filter((model) => model.kind === 'task');
    this.#known = new Map(tasks.map(({ name, accepts }) => [name, !accepts.includes('application/json')]));
  }
}
