import { type EmbedResult, type Failure, type embed, isFailure } from '@portico/schemas';
import { failureOfInput, type ModelInput, refuseIfCancelled } from '@portico/server/model';
import { embedding } from './embedding.ts';
import type { Encoder } from './encoder.ts';
import { packRows, type RunCost } from './packing.ts';
import type { TextTokenizer } from './tokenizer.ts';
import { tokenRows } from './token-rows.ts';

export interface EmbedTools {
  readonly tokenizer: TextTokenizer;
  readonly encode: Encoder;
  readonly cost: RunCost;
  readonly signal: AbortSignal;
}

/** Embeds the texts of all inputs together, so that short ones run with short ones whoever sent them. */
export async function embedTexts(
  inputs: readonly ModelInput<typeof embed>[],
  { tokenizer, encode, cost, signal }: EmbedTools,
): Promise<(EmbedResult | Failure)[]> {
  const rowsOfInputs: ((readonly number[])[] | Failure)[] = [];
  for (const input of inputs) {
    rowsOfInputs.push(await tokenRows(input, tokenizer).catch(failureOfInput));
    refuseIfCancelled(signal);
  }
  const rows = rowsOfInputs.flatMap((rows) => (isFailure(rows) ? [] : rows));
  const vectors: Float64Array[] = [];
  for (const places of packRows(
    rows.map(({ length }) => length),
    cost,
  )) {
    refuseIfCancelled(signal);
    const found = await encode(places.map((place) => rows[place]!));
    for (const [index, place] of places.entries()) vectors[place] = found[index]!;
  }
  let taken = 0;
  return inputs.map(({ params }, index) => {
    const own = rowsOfInputs[index]!;
    if (isFailure(own)) return own;
    const embeddings = vectors.slice(taken, (taken += own.length)).map((vector) => embedding(vector, params.normalize));
    return { dimensions: embeddings[0]?.length ?? 0, embeddings };
  });
}
