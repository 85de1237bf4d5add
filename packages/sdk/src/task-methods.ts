import { askFileTask } from './ask-file-task.ts';
import { askJsonTask, type JsonConnection } from './ask-json-task.ts';
import type { CallOptions } from './options.ts';
import type { TaskKind } from './task-kinds.ts';

type Method = (input: unknown, params?: object, options?: CallOptions) => Promise<unknown>;

/** One method per task. */
export function taskMethods(
  connection: JsonConnection,
  kinds: Readonly<Record<string, TaskKind>>,
): Record<string, Method> {
  const methods = Object.entries(kinds).map(([task, kind]): [string, Method] => {
    const ask = kind === 'json' ? askJsonTask : askFileTask;
    return [task, (input, params, options) => ask(connection, task, input, params, options)];
  });
  return Object.fromEntries(methods);
}
