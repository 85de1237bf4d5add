import { existsSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import { oneOf } from '../choices.ts';
import { type Flag, type GeneratedModel, memoryFor, type PresetContext } from '../preset.ts';
import { code } from '../quote.ts';
import { chooseOutput, outputMember } from './scores.ts';
import { textContract, type TextInputs, textModel, type TextPooling } from './text-code.ts';

export const textFlags = {
  tokenizer: {
    value: 'FILE',
    about: "The tokenizer.json of the model's texts; found by itself where it lies beside the ONNX file.",
  },
  'max-tokens': { value: 'NUMBER', about: 'Tokens that the network reads of a text, where no file says it.' },
  pooling: {
    value: 'NAME',
    about: "How vectors of tokens become one: mean, first (BERT's CLS), or none where the graph does it.",
  },
} as const satisfies Record<string, Flag>;

export function textInputs({ inputs }: OnnxFile): TextInputs | undefined {
  // Token ids, a mask and segments at most; a file may have very many inputs.
  if (inputs.length > 3) return undefined;
  const named = (pattern: RegExp): GraphTensor | undefined =>
    inputs.find(({ name, type, shape }) => pattern.test(name) && type === 'int64' && shape?.length === 2);
  const [mask, types] = [named(/mask/i), named(/token_type|segment/i)];
  const ids = inputs.find((input) => ![mask, types].includes(input) && named(/ids|^input|tokens/i) === input);
  const known = [ids, mask, types].filter((input) => input !== undefined);
  return ids === undefined || known.length !== inputs.length ? undefined : { ids, mask, types };
}

/** Outputs that can be vectors of texts, the likeliest first. */
export function textOutputs({ outputs }: OnnxFile): GraphTensor[] {
  const floats = outputs.filter(
    ({ name, type, shape }) =>
      // Logits are for classes or words.
      type === 'float32' && (shape?.length === 2 || shape?.length === 3) && !/logit/i.test(name),
  );
  // A BERT's `pooler_output` is trained for something else than similarity.
  const rank = ({ name, shape }: GraphTensor): number => {
    if (shape?.length === 2) return /sentence|embed/i.test(name) ? 0 : 2;
    return 1;
  };
  return floats.sort((one, other) => rank(one) - rank(other));
}

export async function writeText(context: PresetContext): Promise<GeneratedModel> {
  const { names, file, path } = context;
  const inputs = textInputs(file);
  if (inputs === undefined) throw new CommandLineError('The network takes no token ids.');
  const [likeliest] = textOutputs(file);
  const output = await chooseOutput(
    context,
    likeliest === undefined ? [] : [likeliest],
    'vectors of float32 with two or three axes',
  );
  const isPooled = output.shape?.length === 2;
  const { value: pooling, assumed } = await context.choose<TextPooling>({
    flag: 'pooling',
    question: "How do the vectors of tokens become one: mean, or first (BERT's CLS)",
    parse: (text) => oneOf(text, ['mean', 'first', 'none']),
    ...(isPooled ? { known: 'none' } : await poolingBeside(path)),
    fallback: 'mean',
  });
  if (isPooled !== (pooling === 'none'))
    throw new CommandLineError(
      `--pooling ${pooling}: the output ${code(output.name)} has ${isPooled ? 'one vector a text already' : 'a vector for each token'}.`,
    );
  const known = fileBeside(path, ['tokenizer.json', '../tokenizer.json']);
  const { value: tokenizer } = await context.choose<string>({
    flag: 'tokenizer',
    question: "Where is the model's tokenizer.json",
    parse: (text) => text,
    ...(known === undefined ? {} : { known }),
  });
  await access(tokenizer).catch(() => {
    throw new CommandLineError(
      `--tokenizer: ${tokenizer} cannot be read. It comes with the model's documentation or repository.`,
    );
  });
  const lengths = fileBeside(path, ['sentence_bert_config.json', '../sentence_bert_config.json']);
  const [batch, tokens] = inputs.ids.shape ?? [];
  const { value: maxTokens } = await context.choose<number | null>({
    flag: 'max-tokens',
    question: 'How many tokens does the network read of a text',
    parse: (text) => {
      if (!/^\d{1,6}$/.test(text) || Number(text) < 3) throw new Error(`${text} is not a whole number from 3.`);
      return Number(text);
    },
    known: typeof tokens === 'number' ? tokens : null,
  });
  const usesLengths = maxTokens === null && lengths !== undefined;
  const ofLengths = usesLengths ? "{ lengthsPath: weightPath(weights, 'lengths') }" : '';
  const tokenizerOptions = maxTokens === null ? ofLengths : `{ maxTokens: ${maxTokens} }`;
  return {
    contract: textContract(names),
    model: textModel({
      names,
      inputs,
      member: outputMember(output),
      pooling,
      isAssumed: assumed,
      fixedLength: typeof tokens === 'number' ? tokens : undefined,
      runsAlone: typeof batch === 'number' || isDynamicallyQuantised(file),
      options: tokenizerOptions,
    }),
    weights: { tokenizer, ...(usesLengths ? { lengths } : {}) },
    sample: {
      input: {
        texts: ['A cat sleeps on the sofa.', 'A kitten naps on the couch.', 'Interest rates rose by a quarter.'],
      },
    },
    settings: {
      memoryMegabytes: memoryFor(file.bytes),
      // Texts that many clients send at once share runs; a larger input runs alone, so that no short one waits in its run.
      ...(typeof batch === 'number' ? {} : { maxBatchSize: 16, maxBatchBytes: 1_536 }),
    },
    packages: { '@portico/media': true },
    checks: [
      'assert.equal(output.embeddings.length, input.texts.length);',
      'assert.ok(output.embeddings.every((embedding) => embedding.length === output.dimensions));',
    ],
    explains: [
      'Texts become tokens with tokenizer.json, truncated at the end where they are too long.',
      pooling === 'none'
        ? 'The graph itself makes one vector of each text.'
        : `The vectors of the tokens become one: ${pooling === 'mean' ? 'their mean' : 'the first'}.`,
      'Vectors are scaled to length 1 unless normalize is false, and rounded to seven decimals.',
    ],
  };
}

/** Its runs scale all rows by the largest value among them, so that rows change each other. */
const isDynamicallyQuantised = ({ operators }: OnnxFile): boolean =>
  operators.some(({ name }) => name === 'DynamicQuantizeLinear' || name === 'DynamicQuantizeMatMul');

/** The first of some places beside the ONNX file at which there is something. */
const fileBeside = (path: string, places: readonly string[]): string | undefined =>
  places.map((place) => join(dirname(path), place)).find((candidate) => existsSync(candidate));

/** As sentence-transformers keep it beside their models. */
async function poolingBeside(path: string): Promise<{ known?: TextPooling }> {
  for (const folder of ['1_Pooling', '../1_Pooling']) {
    const text = await readFile(join(dirname(path), folder, 'config.json'), 'utf8').catch(() => '');
    if (/"pooling_mode_cls_token"\s*:\s*true/.test(text)) return { known: 'first' };
    if (/"pooling_mode_mean_tokens"\s*:\s*true/.test(text)) return { known: 'mean' };
  }
  return {};
}
