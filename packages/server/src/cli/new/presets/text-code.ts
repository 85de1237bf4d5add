import type { GraphTensor } from '../../../onnx/read-onnx.ts';
import type { GeneratedModel, Names } from '../preset.ts';
import { key } from '../quote.ts';

/** How vectors of tokens become one: their mean, the first, or the graph does it. */
export type TextPooling = 'mean' | 'first' | 'none';

/** What a network of texts is fed; each is int64[batch, tokens]. */
export interface TextInputs {
  readonly ids: GraphTensor;
  readonly mask: GraphTensor | undefined;
  readonly types: GraphTensor | undefined;
}

export interface TextModelParts {
  readonly names: Names;
  readonly inputs: TextInputs;
  readonly member: string;
  readonly pooling: TextPooling;
  readonly isAssumed: boolean;
  /** Of every row, where the graph takes no other. */
  readonly fixedLength: number | undefined;
  readonly runsAlone: boolean;
  /** Of `loadTokenizer`, as code. */
  readonly options: string;
}

/** The model of a task that turns texts into vectors. */
export function textModel(parts: TextModelParts): GeneratedModel['model'] {
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

/** The contract of a task that turns texts into vectors. */
export function textContract({ type, task, constant }: Names): GeneratedModel['contract'] {
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
