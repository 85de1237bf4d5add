import type { PhaseTimes, SessionTrace, TensorTrace } from '../../inference.ts';
import { plain } from '../../onnx/problems.ts';
import { table } from '../command.ts';
import { authorsStack } from '../authors-stack.ts';
import type { Trial } from './prepare.ts';
import type { TrialError, TrialResult } from './run-trial.ts';

const mebibyte = 1024 * 1024;
/** Characters that a terminal shows of a text in the output: a picture has thousands. */
const maxTextLength = 120;

/** Where and how long the model ran, and on what tensors. */
export function factsOf(
  { engine, times, sessions, residentBytes }: TrialResult,
  { task, variant, settings, tensors }: Pick<Trial, 'task' | 'variant' | 'settings'> & { readonly tensors: boolean },
): string {
  const lines = tensors ? sessions.map(sessionText) : [];
  if (engine !== undefined) {
    const { device, warmUpMs } = engine.description;
    const load = `loaded in ${milliseconds(engine.loadMs)}, warm-up ${milliseconds(warmUpMs)}`;
    const { memoryMegabytes } = settings;
    const allowed = memoryMegabytes === undefined ? '' : ` (memoryMegabytes: ${memoryMegabytes})`;
    lines.push(
      `${task.name}:${variant} on ${device}: ${load}; memory ${Math.round(residentBytes / mebibyte)} MiB${allowed}`,
    );
  }
  if (times !== undefined) lines.push(timesText(times));
  return lines.map((line) => `${line}\n`).join('');
}

const timesText = ({ decode, inference, postprocess }: PhaseTimes): string =>
  `decode ${milliseconds(decode)}, inference ${milliseconds(inference)}, postprocess ${milliseconds(postprocess)}`;

function milliseconds(value: number): string {
  if (value >= 1_000) return `${(value / 1_000).toFixed(1)} s`;
  return `${value >= 10 ? Math.round(value) : value.toFixed(1)} ms`;
}

function sessionText({ file, milliseconds: duration, inputs, outputs }: SessionTrace): string {
  const rows = [
    ...inputs.map((tensor) => [`→ ${tensorHead(tensor)}`, valuesText(tensor)] as const),
    ...outputs.map((tensor) => [`← ${tensorHead(tensor)}`, valuesText(tensor)] as const),
  ];
  return `${file}, ${milliseconds(duration)}${outputs.length === 0 ? ', failed' : ''}\n${table(rows)}`;
}

const tensorHead = ({ name, type, shape }: TensorTrace): string => `${plain(name)} ${type}[${shape.join(', ')}]`;

function valuesText({ shape, first, range, notFinite }: TensorTrace): string {
  const count = shape.reduce((product, length) => product * length, 1);
  const values = `${first.join(' ')}${count > first.length ? ' …' : ''}`;
  return [
    range === undefined ? undefined : `${range.min} to ${range.max}`,
    notFinite === 0 ? undefined : `${notFinite} NaN or infinite`,
    count === 0 ? 'no values' : values,
  ]
    .filter((text) => text !== undefined)
    .join('; ');
}

/** The output as JSON for people; long texts may be shortened. */
export const outputText = (output: unknown, { shorten }: { readonly shorten: boolean }): string =>
  JSON.stringify(
    output,
    (_key, value: unknown) =>
      shorten && typeof value === 'string' && value.length > maxTextLength
        ? `${value.slice(0, maxTextLength)}… (${value.length} characters)`
        : value,
    2,
  );

/** Why there is no output: what a client would get, and what the author needs to know. */
export async function errorOf({ failure, detail, stacks }: TrialError, folder: string): Promise<string> {
  const lines: string[] = [];
  if (detail !== undefined) lines.push(detail);
  if (failure !== undefined && failure.code !== 'INTERNAL') lines.push(`${failure.code}: ${failure.message}`);
  for (const stack of stacks) lines.push(await authorsStack(stack, folder, { without: detail }));
  return lines.filter((line) => line !== '').join('\n');
}
