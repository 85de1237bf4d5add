import { Failure } from '@portico/schemas';
import { elementCount, type RawTensor } from '../../tensors/tensor-head.ts';

/**
 * Texts of tensors are JSON, each of which SuperJSON and the router look at for microseconds: more of them would hold
 * every other request up.
 */
export const mostTexts = 50_000;

/** Throws `BAD_INPUT` for an answer of more texts. */
export function refuseManyTexts(outputs: readonly RawTensor[]): void {
  const texts = outputs.filter(({ head }) => head.datatype === 'BYTES');
  const count = texts.reduce((sum, { head }) => sum + elementCount(head.shape), 0);
  if (count <= mostTexts) return;
  throw new Failure(
    'BAD_INPUT',
    `The answer has ${count} texts, and no more than ${mostTexts} are written over tRPC: ask under /v2 for binary data.`,
  );
}
