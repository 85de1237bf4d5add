import type { CallContext } from '../calls/call.ts';
import type { ModelList } from '../contract.ts';
import { isBlob, isFileForSure, isNamedFile, tagOf } from '../files/file-input.ts';
import { notAFile } from '../files/input-error.ts';

/** What JSON is made of, and the kinds that tRPC carries too. */
const jsonKinds = new Set(['String', 'Number', 'Boolean', 'Object', 'Array', 'Date', 'BigInt', 'Map', 'Set', 'Null']);

/**
 * Which tasks take a file and which take JSON. The input alone may not say: a text can be the path of a file or the input
 * itself. The client knows no tasks at run time, so it requests the models until it has them. Each call requests them itself,
 * within its own deadline, so one that is aborted or times out holds up no other.
 */
export class TaskKinds {
  readonly #listModels: (context: CallContext) => Promise<ModelList>;
  /** Whether each task takes a file. */
  #known: ReadonlyMap<string, boolean> = new Map();

  constructor(listModels: (context: CallContext) => Promise<ModelList>) {
    this.#listModels = listModels;
  }

  learn({ models }: ModelList): void {
    const tasks = models.filter((model) => model.kind === 'task');
    this.#known = new Map(tasks.map(({ name, accepts }) => [name, !accepts.includes('application/json')]));
  }

  /**
   * Whether the input of a call is a file. Throws BAD_INPUT if it is neither a file nor JSON, or if it is JSON and the task
   * takes a file.
   */
  async isFile(task: string, input: unknown, context: CallContext): Promise<boolean> {
    if (isFileForSure(input)) return true;
    if (isNamedFile(input) && isFileForSure(input.data)) return true;
    if (!jsonKinds.has(tagOf(input)) || (Array.isArray(input) && input.some(isBlob))) throw notAFile(input);
    if (!(await this.#takesFile(task, context))) return false;
    if (typeof input === 'string' || (isNamedFile(input) && typeof input.data === 'string')) return true;
    throw notAFile(input);
  }

  /** A task that the server does not have counts as one of JSON, and is rejected there. */
  async #takesFile(task: string, context: CallContext): Promise<boolean> {
    if (!this.#known.has(task)) this.learn(await this.#listModels(context));
    return this.#known.get(task) ?? false;
  }
}
