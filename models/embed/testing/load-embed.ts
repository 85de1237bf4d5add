import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embed, type EmbedParams, type EmbedResult, isFailure } from '@portico/schemas';
import type { LoadContext, ModelInput } from '@portico/server/model';
import { type LoadedModel, loadModel } from '@portico/server/testing';
import { embedModel } from '../index.ts';
import model from '../model.ts';

/** A BERT of two layers with random weights; README.md says how it was made. It reads 48 tokens and gives vectors of 24 numbers. */
export const tinyBert = join(import.meta.dirname, 'tiny-bert');

/** What torch and transformers make of a text with the tiny BERT, each text alone, in float64. */
export interface ExpectedText {
  readonly text: string;
  readonly ids: readonly number[];
  readonly normalized: readonly number[];
  readonly mean: readonly number[];
}

export const expectedTexts = JSON.parse(readFileSync(join(tinyBert, 'expected.json'), 'utf8')) as ExpectedText[];

/** Loads the tiny BERT on the CPU, as an engine does. */
export const loadEmbed = (
  network = 'model.onnx',
  context: Partial<LoadContext> = {},
): Promise<LoadedModel<typeof embed>> =>
  loadModel({
    model,
    registered: embedModel,
    context: {
      weights: {
        network: join(tinyBert, network),
        tokenizer: join(tinyBert, 'tokenizer.json'),
        lengths: join(tinyBert, 'sentence_bert_config.json'),
      },
      ...context,
    },
  });

export const inputOf = (texts: string[], params: Partial<EmbedParams> = {}): ModelInput<typeof embed> => ({
  input: { texts },
  params: embed.params.parse(params),
});

/** Embeds texts, and throws the failure where there is no result. */
export async function embeddingsOf(
  loaded: LoadedModel<typeof embed>,
  texts: string[],
  params: Partial<EmbedParams> = {},
): Promise<number[][]> {
  const [result] = await loaded.run([inputOf(texts, params)]);
  if (result === undefined || isFailure(result)) throw result ?? new Error('No result.');
  const { dimensions, embeddings }: EmbedResult = embed.output.parse(result);
  if (embeddings.some(({ length }) => length !== dimensions))
    throw new RangeError(`Not all have ${dimensions} numbers.`);
  return embeddings;
}

/** The largest difference of two lists of vectors. */
export function farthest(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): number {
  if (found.length !== expected.length) throw new RangeError(`${found.length} vectors, not ${expected.length}.`);
  return Math.max(
    ...found.flatMap((vector, index) => {
      const other = expected[index] ?? [];
      if (vector.length !== other.length) throw new RangeError(`${vector.length} numbers, not ${other.length}.`);
      return vector.map((value, axis) => Math.abs(value - (other[axis] ?? NaN)));
    }),
  );
}
