import type { TensorSignature } from '@portico/schemas';
import type { RawTensor } from '../../tensors/tensor-head.ts';
import { madeUpInputs, scattered } from './made-up.ts';
import { hasRows, joinRows, splitRows } from './rows.ts';

export type RunTensors = (inputs: readonly RawTensor[]) => Promise<RawTensor[]>;

const probeRows = 3;

/**
 * Whether rows that several callers sent may run together. A free first axis does not say that it counts independent
 * rows (it may be time, or tokens that attend to each other), so it is tried: each row must answer the same bits alone
 * as among others.
 */
export async function isRowWise(signature: TensorSignature, run: RunTensors): Promise<boolean> {
  if (!hasRows(signature)) return false;
  // What needs a length of its own along another axis accepts one of the two, or is not joined.
  for (const free of [2, 1]) {
    const answer = await probe(signature, run, free).catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  return false;
}

async function probe(signature: TensorSignature, run: RunTensors, free: number): Promise<boolean> {
  const values = scattered();
  const requests = Array.from({ length: probeRows }, () => madeUpInputs(signature, { rows: 1, free, values }));
  const alone: RawTensor[][] = [];
  for (const inputs of requests) alone.push(await run(inputs));
  const together = splitRows(
    await run(joinRows(requests)),
    requests.map(() => 1),
  );
  return together !== undefined && together.every((outputs, row) => areEqual(outputs, alone[row] ?? []));
}

const areEqual = (some: readonly RawTensor[], others: readonly RawTensor[]): boolean =>
  some.length === others.length &&
  some.every(({ head, bytes }, index) => {
    const other = others[index] as RawTensor;
    return head.shape.join() === other.head.shape.join() && Buffer.compare(bytes, other.bytes) === 0;
  });
