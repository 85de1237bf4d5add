import type { TaskModel } from '../connection/connection.tsx';
import type { Input } from '../views/view.ts';
import type { Call } from './use-call.ts';

/** What a person should know although the call may succeed. */
export function warningsOf(task: TaskModel, input: Input | undefined, call: Call | undefined): string[] {
  return [...typeWarning(task, input), ...warningsIn(call?.output), ...retryWarning(call)];
}

/** A file of a type that the task does not list. The server looks at the bytes if there is no type. */
function typeWarning({ name, accepts }: TaskModel, input: Input | undefined): string[] {
  if (input?.kind !== 'file' || input.blob.type === '' || accepts.includes(input.blob.type)) return [];
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
