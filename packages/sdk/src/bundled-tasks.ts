import { type Tasks, tasks } from '@portico/schemas';

// The build replaces this file by the same names and kinds, written out: see ../build.

/**
 * What the bundled tasks take, by name: what a client knows unless it is given other tasks. For a server that has some of
 * your own beside them: `tasks: { ...bundledTasks, count: 'json' }`.
 */
export const bundledTasks = Object.fromEntries(
  Object.values(tasks).map(({ name, accepts }) => [name, accepts.kind]),
) as { readonly [Name in keyof Tasks]: Tasks[Name]['accepts']['kind'] };
