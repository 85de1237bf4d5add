import type { TaskModel } from '../connection/connection.tsx';
import type { Input, InputFile } from '../views/view.ts';
import { takesKind } from './input-kind.ts';
import type { Call } from './use-call.ts';

/** More warnings of an output than these are left out. */
const maxWarnings = 10;
/** Longer ones are cut. */
const maxWarningLength = 500;

/** What a person should know although the call may succeed. */
export function warningsOf(task: TaskModel, input: Input | undefined, call: Call | undefined): string[] {
  return [...typeWarning(task, input), ...warningsIn(call?.output), ...retryWarning(call)];
}

/** A file of another kind than the task takes. Of one kind, a type has several names, which the server knows. */
function typeWarning({ name, accepts, parts }: TaskModel, input: Input | undefined): string[] {
  if (input?.kind === 'file') return kindWarning(name, accepts, input);
  if (input?.kind !== 'form') return [];
  return (parts ?? []).flatMap((part) => kindWarning(`${name} as ${part.name}`, part.accepts, input.files[part.name]));
}

const kindWarning = (place: string, accepts: readonly string[], file: InputFile | undefined): string[] =>
  file === undefined || takesKind({ accepts: [...accepts] }, file.blob.type)
    ? []
    : [`${file.name} is ${file.blob.type}. ${place} takes ${accepts.join(', ')}.`];

/** Those that the task declares, `{ code, message }`, and texts that a service puts there by itself. */
function warningsIn(output: unknown): string[] {
  const { warnings } = (output ?? {}) as { warnings?: unknown };
  if (!Array.isArray(warnings)) return [];
  const texts = warnings.slice(0, maxWarnings).flatMap((warning: unknown) => textOf(warning) ?? []);
  return [...new Set(texts)];
}

function textOf(warning: unknown): string | undefined {
  if (typeof warning === 'string') return warning.slice(0, maxWarningLength);
  const { code, message } = (warning ?? {}) as { code?: unknown; message?: unknown };
  return typeof message === 'string' ? `${message.slice(0, maxWarningLength)} (${String(code)})` : undefined;
}

function retryWarning(call: Call | undefined): string[] {
  if (call?.phase !== 'done' || call.retries === 0) return [];
  return [
    `It took ${call.retries === 1 ? 'a retry' : `${call.retries} retries`}: the server was busy or did not respond.`,
  ];
}
