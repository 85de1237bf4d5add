import type { CallContext } from '../calls/call.ts';
import type { ModelList } from '../contract.ts';
import { isBlob, isFileForSure, isNamedFile, tagOf } from '../files/file-input.ts';
import { notAFile } from '../files/input-error.ts';
import type { Files } from '../files/read-file.ts';

/** What JSON is made of. */
const jsonKinds = new Set(['String', 'Number', 'Boolean', 'Object', 'Array', 'Null']);

/** What a server says of a task. */
type TaskModel = Extract<ModelList['models'][number], { kind: 'task' }>;

/** Servers before 0.2 do not say the kind. */
const kindOf = ({ inputKind, accepts }: Partial<TaskModel>): TaskModel['inputKind'] =>
  inputKind ?? (accepts?.includes('application/json') ? 'json' : 'file');

/**
 * Which tasks take a file, which take several and which take JSON. The input alone may not say: a text can be the path of a
 * file or the input itself. The client knows no tasks at run time, so it requests the models until it has them. Each call
 * requests them itself, within its own deadline, so one that is aborted or times out holds up no other.
 */
export class TaskKinds {
  readonly #listModels: (context: CallContext) => Promise<ModelList>;
  #known: readonly TaskModel[] = [];

  constructor(listModels: (context: CallContext) => Promise<ModelList>) {
    this.#listModels = listModels;
  }

  learn({ models }: ModelList): void {
    this.#known = models.filter((model) => model.kind === 'task');
  }

  /**
   * The files of a call by the names of their parts, which is the input itself if the task takes several; undefined if the
   * input is JSON. Throws BAD_INPUT if it is neither files nor JSON, or if it is JSON and the task takes a file.
   */
  async filesOf(task: string, input: unknown, context: CallContext): Promise<Files | undefined> {
    const data = isNamedFile(input) ? input.data : input;
    if (isFileForSure(data)) return { file: input };
    if (!jsonKinds.has(tagOf(input)) || (Array.isArray(input) && input.some(isBlob))) throw notAFile(input);
    const model = await this.#find(task, context);
    // A task that the server does not have counts as one of JSON, and is rejected there.
    const kind = model === undefined ? 'json' : kindOf(model);
    if (kind === 'json') return undefined;
    if (kind === 'form' && tagOf(input) === 'Object') return input as Files;
    if (kind !== 'form' && typeof data === 'string') return { file: input };
    throw notAFile(input);
  }

  /** The media type of the bytes that a task produces. */
  async producedType(task: string, context: CallContext): Promise<string> {
    // If there are none, the server says what there is.
    return (await this.#find(task, context))?.produces?.mediaType ?? 'application/octet-stream';
  }

  async #find(task: string, context: CallContext): Promise<TaskModel | undefined> {
    const known = (): TaskModel | undefined => this.#known.find(({ name }) => name === task);
    if (known() === undefined) this.learn(await this.#listModels(context));
    return known();
  }
}
