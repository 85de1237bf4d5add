import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import { oneOf } from '../choices.ts';
import type { Flag, PresetContext } from '../preset.ts';
import { code, member } from '../quote.ts';

/** What the numbers are that a network gives to its classes. */
type ScoreKind = 'probabilities' | 'logits' | 'independent';

export const outputFlag: Flag = { value: 'NAME', about: 'The output to use, of several.' };
export const scoresFlag: Flag = {
  value: 'KIND',
  about:
    'What the scores are: probabilities, logits (softmax makes them probabilities), or independent (logits, a sigmoid each).',
};

/** Operators whose results are probabilities. */
const ofProbabilities: ReadonlySet<string> = new Set(['Softmax', 'Sigmoid', 'HardSigmoid']);
/** Operators after which nothing has made probabilities of logits. */
const ofLogits: ReadonlySet<string> = new Set([
  'Gemm',
  'MatMul',
  'Conv',
  'LogSoftmax',
  'Add',
  'QLinearMatMul',
  'DequantizeLinear',
]);

/**
 * The output of the graph that is wanted, where several could be meant.
 * @param fitting those that could be, the best first
 * @throws {CommandLineError} when none could be.
 */
export async function chooseOutput(
  context: PresetContext,
  fitting: readonly GraphTensor[],
  expected: string,
): Promise<GraphTensor> {
  const { outputs } = context.file;
  const [first, second] = fitting;
  const names = outputs.map(({ name }) => code(name)).join(', ');
  if (first === undefined)
    throw new CommandLineError(
      `The network has no output that holds ${expected}. Its outputs are ${names}. Use --preset raw.`,
    );
  const { value } = await context.choose<string>({
    flag: 'output',
    question: `Which output holds ${expected}: ${names}`,
    parse: (text) => text,
    ...(second === undefined ? { known: first.name } : {}),
    fallback: first.name,
  });
  const output = outputs.find(({ name }) => name === value);
  if (output === undefined)
    throw new CommandLineError(`--output: the network has no output ${code(value)}. Its outputs are ${names}.`);
  return output;
}

/** Outputs that give each class a number: the batch, and one other axis longer than 1 at most. */
export const scoreOutputs = ({ outputs }: OnnxFile): GraphTensor[] =>
  outputs.filter(
    ({ type, shape }) =>
      type === 'float32' &&
      shape !== undefined &&
      shape.length >= 1 &&
      shape.length <= 4 &&
      shape.slice(1).filter((length) => length !== 1).length <= 1,
  );

/** How many classes there are; undefined where the graph leaves it open. */
export function classCount({ shape = [] }: GraphTensor): number | undefined {
  const classes = shape.length === 1 ? shape : shape.slice(1);
  const lengths = classes.filter((length) => typeof length === 'number');
  return lengths.length === classes.length ? lengths.reduce((product, length) => product * length, 1) : undefined;
}

/** Code that makes probabilities of `scores`. */
export interface ScoreCode {
  readonly expression: string;
  /** Of '@portico/server/model'. */
  readonly imports: readonly string[];
  readonly explained: string;
}

export async function chooseScores(context: PresetContext, { operator = '' }: GraphTensor): Promise<ScoreCode> {
  const known = ofProbabilities.has(operator) ? 'probabilities' : undefined;
  const { value } = await context.choose<ScoreKind>({
    flag: 'scores',
    question: 'Are the scores probabilities, logits, or independent (logits of which several may be true)',
    parse: (text) => oneOf(text, ['probabilities', 'logits', 'independent']),
    ...(known === undefined ? {} : { known }),
    fallback: ofLogits.has(operator) ? 'logits' : 'probabilities',
  });
  return scoreCodes[value];
}

const scoreCodes: Readonly<Record<ScoreKind, ScoreCode>> = {
  probabilities: { expression: 'scores', imports: [], explained: 'The graph itself makes the scores probabilities.' },
  logits: { expression: 'softmax(scores)', imports: ['softmax'], explained: 'Softmax makes the scores probabilities.' },
  independent: {
    expression: 'scores.map(sigmoid)',
    imports: ['sigmoid'],
    explained: 'A sigmoid makes each score a probability of its own; several classes may be true.',
  },
};

/** The output in the generated code. */
export const outputMember = ({ name }: GraphTensor): string => `outputs${member(name)}`;
