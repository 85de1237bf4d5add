import { tasks } from '@portico/schemas';
import type { TaskContracts } from './contract.ts';

/** What a task can take. */
export type TaskKind = 'image' | 'audio' | 'json';

/** What each task takes, for telling a file from JSON before sending. The build writes it out, without the tasks. */
export const taskKinds = Object.fromEntries(
  Object.values(tasks).map((task) => [task.name, task.accepts.kind]),
) as Readonly<Record<keyof TaskContracts, TaskKind>>;
