import type { FileInput } from '../files/file-input.ts';

/** The contract of one task, in plain types. */
export interface TaskContract {
  accepts: 'image' | 'audio' | 'file' | 'form' | 'json';
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
interface DefinedTask {
  readonly accepts: { readonly kind: TaskContract['accepts'] };
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
