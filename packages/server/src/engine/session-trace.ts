import { basename } from 'node:path';
import type { SessionTrace, TensorTrace } from '../inference.ts';
import type { Session } from '../model/session.ts';
import type { Tensor } from '../model/tensor.ts';
import { halfToNumber } from '../tensors/values.ts';

/** Values that are shown of a tensor. */
const maxFirst = 6;
/** Characters that are shown of a text. */
const maxTextLength = 40;

/** The same runs, each of which is reported before its result is used. */
export function traced(path: string, run: Session['run'], onRun: (trace: SessionTrace) => void): Session['run'] {
  return async (feeds) => {
    // A model may use its arrays again.
    const inputs = tensorsOf(feeds);
    const startedAt = performance.now();
    const report = (outputs: SessionTrace['outputs']): void =>
      onRun({ file: basename(path), milliseconds: performance.now() - startedAt, inputs, outputs });
    try {
      const outputs = await run(feeds);
      report(tensorsOf(outputs));
      return outputs;
    } catch (error) {
      report([]);
      // Its own stack begins in ONNX Runtime and says nothing about who called.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    }
  };
}

const tensorsOf = (tensors: Readonly<Record<string, Tensor>>): TensorTrace[] =>
  Object.entries(tensors).map(([name, tensor]) => tensorTrace(name, tensor));

export function tensorTrace(name: string, { type, dims, data }: Tensor): TensorTrace {
  const what = { name, type, shape: dims };
  if (type === 'string') {
    const texts = (data as readonly string[]).slice(0, maxFirst);
    return { ...what, first: texts.map((text) => JSON.stringify(text.slice(0, maxTextLength))), notFinite: 0 };
  }
  const values = data as Exclude<Tensor['data'], readonly string[]>;
  const valueAt = (index: number): number | bigint => {
    const value = values[index] as number | bigint;
    return type === 'float16' ? halfToNumber(Number(value)) : value;
  };
  let min: number | bigint | undefined;
  let max: number | bigint | undefined;
  let notFinite = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = valueAt(index);
    if (typeof value === 'number' && !Number.isFinite(value)) notFinite += 1;
    if (Number.isNaN(value)) continue;
    if (min === undefined || value < min) min = value;
    if (max === undefined || value > max) max = value;
  }
  return {
    ...what,
    first: Array.from({ length: Math.min(values.length, maxFirst) }, (_, index) => inWords(valueAt(index))),
    range: min === undefined || max === undefined ? undefined : { min: inWords(min), max: inWords(max) },
    notFinite,
  };
}

/** Five digits tell what is wrong. */
const inWords = (value: number | bigint): string =>
  typeof value === 'bigint' || Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
