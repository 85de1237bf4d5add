import type { FileInput } from '../files/file-input.ts';

/** What a task takes: one picture, one recording, one file of any kind, several files each under its name, or JSON. */
export type TaskKind = 'image' | 'audio' | 'file' | 'form' | 'json';

/** The contract of one task, in plain types. */
export interface TaskContract {
  accepts: TaskKind;
  /** The input of a JSON task; for a form task an object with a `FileInput` for each of its files; `never` for a file task. */
  input: unknown;
  params: object;
  output: unknown;
  /** One item of a streaming task; `never` if the task does not stream. */
  item: unknown;
  /** The media type of the bytes that the task produces, such as a picture; `never` if it produces none. */
  produces: string;
}

/** A schema of Zod 4, as far as its types matter here: https://zod.dev/library-authors. */
interface Schema {
  readonly _zod: { readonly input: unknown; readonly output: unknown };
}

/** A task as `defineTask` of `@portico/schemas` returns it. */
export interface DefinedTask {
  readonly name: string;
  readonly accepts: { readonly kind: TaskKind };
  readonly params: Schema;
  readonly output: Schema;
  readonly item: Schema | undefined;
  readonly produces: { readonly mediaType: string } | undefined;
}

/** The plain types of one task. */
interface ContractOf<Task extends DefinedTask> {
  accepts: Task['accepts']['kind'];
  input: InputOf<Task['accepts']>;
  params: Task['params']['_zod']['input'];
  output: Task['output']['_zod']['output'];
  item: Task['item'] extends Schema ? Task['item']['_zod']['output'] : never;
  produces: Task['produces'] extends { readonly mediaType: infer MediaType extends string } ? MediaType : never;
}

type InputOf<Accepts> = Accepts extends { readonly schema: infer Input extends Schema }
  ? Input['_zod']['input']
  : Accepts extends { readonly parts: infer Parts }
    ? { -readonly [Part in keyof Parts]: FileInput }
    : never;

/** The plain types of every task of a contract, whether that is `typeof tasks` or plain types already. */
export type ContractsOf<Tasks> = {
  [Name in keyof Tasks]: Tasks[Name] extends DefinedTask
    ? ContractOf<Tasks[Name]>
    : Tasks[Name] extends TaskContract
      ? Tasks[Name]
      : never;
};

/** What is known of a task by its name alone, or by its name and kind: its output is not typed, and its input as far as the kind says. */
export interface UntypedTask<Kind extends TaskKind = 'json'> {
  accepts: Kind;
  input: Kind extends 'form' ? Readonly<Record<string, FileInput>> : unknown;
  params: Readonly<Record<string, unknown>>;
  output: unknown;
  item: unknown;
  produces: `image/${string}`;
}

/** The tasks of a client that is given names, or kinds and contracts by name. */
export type GivenTasks = readonly string[] | Readonly<Record<string, TaskKind | DefinedTask>>;

/** What is known of such tasks. */
export type TasksOf<Given extends GivenTasks> = Given extends readonly (infer Name extends string)[]
  ? { [Key in Name]: UntypedTask }
  : { -readonly [Name in keyof Given]: Given[Name] extends TaskKind ? UntypedTask<Given[Name]> : Given[Name] };

/** The kind of each task of a contract. */
export type TaskKinds<Tasks> = {
  readonly [Name in keyof Tasks]: ContractsOf<Tasks>[Name] extends { accepts: infer Kind } ? Kind : never;
};

/** A task that can be given by its name alone: not one of JSON that may be a text, which would be taken for a path. */
export type ListedName<Tasks> = {
  [Name in keyof Tasks]: ContractsOf<Tasks>[Name] extends { accepts: 'json'; input: infer Input }
    ? [unknown extends Input ? string : Extract<Input, string>] extends [never]
      ? Name
      : never
    : Name;
}[keyof Tasks];
