import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import type { Flag, GeneratedModel, Names, PresetContext } from '../preset.ts';
import { code, key } from '../quote.ts';
import { oneOf } from './image-input.ts';
import { memoryFor } from './image-model.ts';
import { chooseOutput, outputMember } from './scores.ts';

type Pooling = 'mean' | 'first' | 'none';

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

/** What a network of texts is fed; each is int64[batch, tokens]. */
interface TextInputs {
  readonly ids: GraphTensor;
  readonly mask: GraphTensor | undefined;
  readonly types: GraphTensor | undefined;
}

export function textInputs({ inputs }: OnnxFile): TextInputs | undefined {
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
    ({ type, shape }) => type === 'float32' && (shape?.length === 2 || shape?.length === 3),
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
  const { value: pooling, assumed } = await context.choose<Pooling>({
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
  const { value: tokenizer } = await context.choose<string>({
    flag: 'tokenizer',
    question: "Where is the model's tokenizer.json",
    parse: (text) => text,
    ...(await found('known', path, ['tokenizer.json', '../tokenizer.json'])),
  });
  await access(tokenizer).catch(() => {
    throw new CommandLineError(
      `--tokenizer: ${tokenizer} cannot be read. It comes with the model's documentation or repository.`,
    );
  });
  const lengths = await found('lengths', path, ['sentence_bert_config.json', '../sentence_bert_config.json']);
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
      options:
        maxTokens === null
          ? 'lengths' in lengths
            ? "{ lengthsPath: weightPath(weights, 'lengths') }"
            : ''
          : `{ maxTokens: ${maxTokens} }`,
    }),
    weights: { tokenizer, ...(maxTokens === null ? lengths : {}) },
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

async function found<const Name extends string>(
  name: Name,
  path: string,
  places: readonly string[],
): Promise<Record<Name, string> | Record<never, never>> {
  for (const place of places) {
    const candidate = join(dirname(path), place);
    if (
      await access(candidate).then(
        () => true,
        () => false,
      )
    )
      return { [name]: candidate } as Record<Name, string>;
  }
  return {};
}

/** As sentence-transformers keep it beside their models. */
async function poolingBeside(path: string): Promise<{ known?: Pooling }> {
  for (const folder of ['1_Pooling', '../1_Pooling']) {
    const text = await readFile(join(dirname(path), folder, 'config.json'), 'utf8').catch(() => '');
    if (/"pooling_mode_cls_token"\s*:\s*true/.test(text)) return { known: 'first' };
    if (/"pooling_mode_mean_tokens"\s*:\s*true/.test(text)) return { known: 'mean' };
  }
  return {};
}

interface TextModelParts {
  readonly names: Names;
  readonly inputs: TextInputs;
  readonly member: string;
  readonly pooling: Pooling;
  readonly isAssumed: boolean;
  /** Of every row, where the graph takes no other. */
  readonly fixedLength: number | undefined;
  readonly runsAlone: boolean;
  /** Of `loadTokenizer`, as code. */
  readonly options: string;
}

function textModel(parts: TextModelParts): GeneratedModel['model'] {
  const { names, inputs, member, pooling, fixedLength, runsAlone, options } = parts;
  const pooled = {
    mean: `meanOfTokens(${member}.data, rows.map(({ length }) => length), longest)`,
    first: `firstTokens(${member}.data, rows.length, longest)`,
    none: `rowsOfTensor(${member})`,
  }[pooling];
  const helper = { mean: 'meanOfTokens', first: 'firstTokens', none: 'rowsOfTensor' }[pooling];
  const feeds = [
    `${key(inputs.ids.name)}: ids,`,
    ...(inputs.mask === undefined ? [] : [`${key(inputs.mask.name)}: mask,`]),
    ...(inputs.types === undefined
      ? []
      : [
          `// One text each, no pairs.\n${key(inputs.types.name)}: new Tensor('int64', new BigInt64Array(rows.length * longest), ids.dims),`,
        ]),
  ];
  const padding = fixedLength === undefined ? 'rows' : `rows, ${fixedLength}`;
  const taken = [
    'ids',
    ...(inputs.mask === undefined ? [] : ['mask']),
    ...(pooling === 'none' && inputs.types === undefined ? [] : ['longest']),
  ];
  return {
    imports: {
      '@portico/media/text': ['loadTokenizer', 'type TextTokenizer'],
      '@portico/schemas': ['Failure'],
      '@portico/server/model': [
        'defineModel',
        'embeddingOf',
        'padTokens',
        'runByLength',
        'runTogether',
        'weightPath',
        helper,
        ...(runsAlone ? [] : ['tokenRunCost']),
        ...(inputs.types === undefined ? [] : ['Tensor']),
      ],
      './contract.ts': [names.constant],
      './signature.ts': ['signature'],
    },
    body: `/** Tokens of all texts of one input together. */
const maxTokensOfInput = 8_192;

export default defineModel(${names.constant}, {
  // Runs once, before the replica is ready.
  async load({ weights, createSession${runsAlone ? '' : ', device'} }) {
    const tokenizer = await loadTokenizer(weightPath(weights, 'tokenizer')${options === '' ? '' : `, ${options}`});
    const session = await createSession(weightPath(weights, 'network'), signature);

    /** One vector for each row of token ids. */
    const encode = async (rows: readonly (readonly number[])[]): Promise<ArrayLike<number>[]> => {
      const { ${taken.join(', ')} } = padTokens(${padding});
      const outputs = await session.run({
        ${feeds.join('\n')}
      });
      ${parts.isAssumed ? '// Assumed: the mean of the tokens. The documentation of the model says it; --pooling.\n' : ''}return ${pooled};
    };
    ${runsAlone ? '// Every row runs alone: the graph takes one, or rows would change each other.\n' : ''}return { tokenizer, encode, cost: ${runsAlone ? '{ budget: 0, overhead: 0 }' : 'tokenRunCost(device)'} };
  },

  // The texts of all inputs of a batch together, short ones with short ones. maxBatchSize in index.ts bounds the batch.
  run: (inputs, { loaded: { tokenizer, encode, cost }, signal }) =>
    runTogether(inputs, {
      signal,
      prepare: ({ input, params }) => tokensOf(input.texts, tokenizer, params.truncate),
      async run(inputRows) {
        const vectors = await runByLength(inputRows.flat(), { cost, signal, run: encode });
        let taken = 0;
        return inputRows.map(({ length }) => vectors.slice(taken, (taken += length)));
      },
      finish: (vectors, { params }) => ({
        dimensions: vectors[0]?.length ?? 0,
        embeddings: vectors.map((vector) => embeddingOf(vector, params.normalize)),
      }),
    }),

  // The run that decides whether the replica is ready: a short text, and one of the greatest length.
  warmUp: () => ({ input: { texts: ['warm up', 'a '.repeat(4_096)] }, params: ${names.constant}.params.parse({}) }),
});

/** Preprocessing: the token ids of each text. */
function tokensOf(texts: readonly string[], tokenizer: TextTokenizer, truncate: boolean): (readonly number[])[] {
  const tokenized = texts.map((text) => tokenizer.tokenize(text));
  const tooLong = truncate ? -1 : tokenized.findIndex(({ wholeLength }) => wholeLength > tokenizer.maxTokens);
  if (tooLong >= 0)
    throw new Failure('BAD_INPUT', \`Text \${tooLong} is longer than \${tokenizer.maxTokens} tokens. Shorten it, or let it be truncated.\`);
  const rows = tokenized.map(({ ids }) => ids);
  const tokens = rows.reduce((sum, { length }) => sum + length, 0);
  if (tokens > maxTokensOfInput)
    throw new Failure('TOO_LARGE', \`The texts have \${tokens} tokens; send at most \${maxTokensOfInput} at once.\`);
  return rows;
}
`,
  };
}

function textContract({ type, task, constant }: Names): GeneratedModel['contract'] {
  return {
    imports: { '@portico/schemas': ['defineTask', 'json', 'list', 'type Output'], zod: ['z'] },
    body: `/** Texts to embed. */
export const ${type}Input = z
  .strictObject({ texts: list(z.string().max(8_192), { min: 1, max: 256 }).describe('1 to 256 texts of at most 8192 characters.') })
  .meta({ id: '${type}Input' });

/** How to embed. */
export const ${type}Params = z.object({
  normalize: z.boolean().default(true).describe('Scales each vector to length 1, so that the dot product of two is their cosine similarity.'),
  truncate: z.boolean().default(true).describe('Embeds the beginning of a text that is too long. If false, such a text is rejected.'),
});

/** A vector for each text. */
export const ${type}Result = z
  .object({
    dimensions: z.int().positive().describe('Length of each vector.'),
    embeddings: z.array(z.array(z.number())).describe('One per text, in the order of the texts.'),
  })
  .meta({ id: '${type}Result', examples: [{ dimensions: 3, embeddings: [[0.36, -0.48, 0.8]] }] });

/** Turn texts into vectors. */
export const ${constant} = defineTask({
  name: '${task}',
  summary: 'Turn texts into vectors that are close where the texts mean the same.',
  accepts: json(${type}Input),
  params: ${type}Params,
  output: ${type}Result,
});

export type ${type}Result = Output<typeof ${constant}>;
`,
  };
}
