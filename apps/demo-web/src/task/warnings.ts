import type { TaskModel } from '../connection/connection.tsx';
import type { Input } from '../views/view.ts';
import type { Call } from './use-call.ts';

/** What a person should know although the call may succeed. */
export function warningsOf(task: TaskModel, input: Input | undefined, call: Call | undefined): string[] {
  return [...typeWarning(task, input), ...warningsIn(call?.output), ...retryWarning(call)];
}

/** A file of another kind than the task takes. Of one kind, a type has several names, which the server knows. */
function typeWarning({ name, accepts }: TaskModel, input: Input | undefined): string[] {
  if (input?.kind !== 'file' || input.blob.type === '') return [];
  const kind = input.blob.type.replace(/\/.*/, '/');
  if (accepts.some((type) => type.startsWith(kind))) return [];
  return [`${input.name} is ${input.blob.type}. ${name} takes ${accepts.join(', ')}.`];
}

/** A service may put warnings into its output. */
function warningsIn(output: unknown): string[] {
  const { warnings } = (output ?? {}) as { warnings?: unknown };
  return Array.isArray(warnings) ? warnings.filter((warning) => typeof warning === 'string') : [];
}

function retryWarning(call: Call | undefined): string[] {
  if (call?.phase !== 'done' || call.retries === 0) return [];
  return [
    `It took ${call.retries === 1 ? 'a retry' : `${call.retries} retries`}: the server was busy or did not respond.`,
  ];
}
