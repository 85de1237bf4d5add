import { loadTokenizer, type TextTokenizer } from '@portico/media/text';
import { type Device, embed, EmbedParams, Failure, isFailure } from '@portico/schemas';
import {
  defineModel,
  embeddingOf,
  failureOfInput,
  type ModelInput,
  type ModelOutput,
  refuseIfCancelled,
  runByLength,
  type RunCost,
  tokenRunCost,
  weightPath,
} from '@portico/server/model';
import { type Encoder, isBatchInvariant, loadEncoder } from './encoder.ts';

/** Tokens of the texts of one input together: two seconds of one core with MiniLM. */
export const maxTokensOfInput = 8_192;

/** Texts that a warning names. */
const maxNamedTexts = 10;

/** How far a vector of length 1 may move in a batch; GPUs multiply with fewer digits. */
const toleranceOn = (device: Device): number => (device === 'cpu' ? 1e-5 : 1e-3);
/** Every row runs alone. */
const oneRowEach: RunCost = { budget: 0, overhead: 0 };
/** Of different lengths and kinds of words, so that any influence of one on another shows. */
const probeTexts = ['a', 'The engineer repairs a machine in the quiet harbour town.', '3.14159 = π? Yes, no; 42!'];

/** Embeds texts: a sentence encoder of BERT's kind, mean of the tokens, as sentence-transformers does it. */
export default defineModel(embed, {
  async load(context) {
    const tokenizerPath = weightPath(context.weights, 'tokenizer');
    const tokenizer = await loadTokenizer(tokenizerPath, { lengthsPath: context.weights['lengths'] });
    const encode = await loadEncoder(context, weightPath(context.weights, 'network'));
    const rows = probeTexts.map((text) => tokenizer.tokenize(text).ids);
    const joins = await isBatchInvariant(encode, rows, toleranceOn(context.device));
    if (!joins) process.stderr.write('Texts run one by one: these weights give them other vectors in a batch.\n');
    return { tokenizer, encode, cost: joins ? tokenRunCost(context.device) : oneRowEach };
  },
  run: (inputs, { loaded, signal }) => embedTexts(inputs, { ...loaded, signal }),
  warmUp: warmUpInput,
});

interface EmbedTools {
  readonly tokenizer: TextTokenizer;
  readonly encode: Encoder;
  readonly cost: RunCost;
  readonly signal: AbortSignal;
}

/** Embeds the texts of all inputs together, so that short ones run with short ones, whichever input they came with. */
async function embedTexts(
  inputs: readonly ModelInput<typeof embed>[],
  { tokenizer, encode, cost, signal }: EmbedTools,
): Promise<(ModelOutput<typeof embed> | Failure)[]> {
  const textsOfInputs: (TokenizedTexts | Failure)[] = [];
  for (const input of inputs) {
    textsOfInputs.push(await tokenRows(input, tokenizer).catch(failureOfInput));
    refuseIfCancelled(signal);
  }
  const rows = textsOfInputs.flatMap((texts) => (isFailure(texts) ? [] : texts.rows));
  const vectors = await runByLength(rows, { cost, signal, run: encode });
  let taken = 0;
  return inputs.map(({ params }, index) => {
    const own = textsOfInputs[index]!;
    if (isFailure(own)) return own;
    const embeddings = vectors
      .slice(taken, (taken += own.rows.length))
      .map((vector) => embeddingOf(vector, params.normalize));
    const warnings = own.cut.length === 0 ? [] : [{ code: 'truncated' as const, message: cutText(own, tokenizer) }];
    return { dimensions: embeddings[0]?.length ?? 0, embeddings, warnings };
  });
}

interface TokenizedTexts {
  /** The token ids of each text. */
  readonly rows: readonly (readonly number[])[];
  /** Indexes of the texts whose end was left out. */
  readonly cut: readonly number[];
}

function cutText({ rows, cut }: TokenizedTexts, { maxTokens }: TextTokenizer): string {
  const [named, rest] = [cut.slice(0, maxNamedTexts), cut.length - maxNamedTexts];
  const places = rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ');
  return `${cut.length} of ${rows.length} texts (input.texts at ${places}) have more than ${maxTokens} tokens: the end was left out.`;
}

/**
 * The token ids of each text of one input; the event loop has turned once afterwards.
 * @throws {Failure} `BAD_INPUT` for a text that is too long and must not be truncated, `TOO_LARGE` for too many tokens.
 */
async function tokenRows(
  { input: { texts }, params: { truncate } }: ModelInput<typeof embed>,
  tokenizer: TextTokenizer,
): Promise<TokenizedTexts> {
  const tokenized = texts.map((text) => tokenizer.tokenize(text));
  await new Promise((turn) => setImmediate(turn));
  const { maxTokens } = tokenizer;
  const tooLong = truncate ? -1 : tokenized.findIndex(({ wholeLength }) => wholeLength > maxTokens);
  if (tooLong >= 0) {
    const has = `input.texts.${tooLong} has ${tokenized[tooLong]?.wholeLength} tokens`;
    throw new Failure('BAD_INPUT', `${has}; the model reads ${maxTokens}. Shorten it, or let it be truncated.`);
  }
  const rows = tokenized.map(({ ids }) => ids);
  const tokens = rows.reduce((sum, { length }) => sum + length, 0);
  if (tokens > maxTokensOfInput)
    throw new Failure('TOO_LARGE', `The texts have ${tokens} tokens; send at most ${maxTokensOfInput} at once.`);
  const cut = tokenized.flatMap(({ wholeLength }, index) => (wholeLength > maxTokens ? [index] : []));
  return { rows, cut };
}

/** A short text, and one of the greatest length: a network that has fewer positions than its tokenizer's file says fails now. */
function warmUpInput(): ModelInput<typeof embed> {
  return { input: { texts: ['warm up', 'a '.repeat(4_096)] }, params: EmbedParams.parse({}) };
}
