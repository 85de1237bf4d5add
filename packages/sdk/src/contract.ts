import type { Input, Item, Output, ParamsInput, Task, Tasks } from '@portico/schemas';

// The build puts the same types, written out without Zod, in the place of this file: see ../build.

export type { Device, ErrorCode, GpuStatus, ModelList, Problem, ReadyStatus } from '@portico/schemas';

/** What one task takes and answers. */
interface ContractOf<T extends Task> {
  accepts: T['accepts']['kind'];
  input: Input<T> extends { readonly input: infer Value } ? Value : never;
  params: ParamsInput<T>;
  output: Output<T>;
  item: Item<T>;
}

/** What each task takes and answers, under its name. */
export type TaskContracts = { [Name in keyof Tasks]: ContractOf<Tasks[Name]> };
