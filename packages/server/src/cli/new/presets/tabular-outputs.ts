import { tensorProblem } from '../../../onnx/problems.ts';
import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import type { Names } from '../preset.ts';
import { code, key } from '../quote.ts';
import { outputMember } from './scores.ts';

/** How the outputs of a table's network become a prediction for each row, in the generated code. */
export interface PredictionCode {
  /** Members of the prediction's schema. */
  readonly schemas: readonly string[];
  /** Statements before the rows are made. */
  readonly prepared: readonly string[];
  /** Members of the prediction of the row at place `at`. */
  readonly members: readonly string[];
  /** Functions at the end of the module. */
  readonly declared: string;
  readonly serverImports: readonly string[];
  readonly contractImports: readonly string[];
  readonly explained: string;
}

type Part = Pick<PredictionCode, 'schemas' | 'prepared' | 'members'> & {
  readonly names: boolean;
  readonly splits: boolean;
};

/**
 * A member of the prediction for each output: a class, probabilities, or a number.
 * @throws {CommandLineError} for outputs that are no tensors.
 */
export function predictionCode(file: OnnxFile, names: Names, labels: readonly string[] | undefined): PredictionCode {
  const taken = new Set<string>();
  const parts = file.outputs.map((output, index) =>
    partOf(output, { name: nameOf(output, taken), index }, names, labels),
  );
  const namesClasses = parts.some((part) => part.names);
  return {
    schemas: parts.flatMap(({ schemas }) => schemas),
    prepared: parts.flatMap(({ prepared }) => prepared),
    members: parts.flatMap(({ members }) => members),
    declared: namesClasses
      ? `
/** The name of a class by its number. */
function labelOf(index: number): (typeof ${names.task}Labels)[number] {
  const label = ${names.task}Labels[index];
  if (label === undefined) throw new RangeError(\`The network says class \${index}, which has no label.\`);
  return label;
}
`
      : '',
    serverImports: parts.some((part) => part.splits) ? ['rowsOfTensor'] : [],
    contractImports: namesClasses ? [`${names.task}Labels`] : [],
    explained: `Each row gets ${[...taken].join(' and ')}.`,
  };
}

/** A word for what an output is; its own name where that word is taken, or that word with a number where its name is another's. */
function nameOf(output: GraphTensor, taken: Set<string>): string {
  const word = isClass(output) ? 'label' : isWide(output) ? 'probabilities' : 'value';
  let name = taken.has(word) ? output.name : word;
  for (let number = 2; taken.has(name); number += 1) name = `${word}${number}`;
  taken.add(name);
  return name;
}

const isClass = ({ type }: GraphTensor): boolean => type === 'string' || /^u?int/.test(type);
const isWide = ({ shape = [] }: GraphTensor): boolean => shape.length === 2 && shape[1] !== 1;

/** A member of the prediction, and the place of its output among the others. */
interface Member {
  readonly name: string;
  readonly index: number;
}

function partOf(output: GraphTensor, place: Member, { task }: Names, labels: readonly string[] | undefined): Part {
  const { name } = place;
  const { type, shape } = output;
  const problem = tensorProblem('output', output);
  if (problem !== undefined) throw new CommandLineError(problem.text);
  if (shape === undefined || shape.length > 2 || !/^(float(32|64)|u?int\d+|string|bool)$/.test(type))
    throw new CommandLineError(
      `The output ${code(output.name)} of type ${type} is not one value or one row of values a row. Use --preset raw.`,
    );
  const plain = { names: false, splits: false, prepared: [] };
  const data = `${outputMember(output)}.data`;
  if (isWide(output)) return wide(output, place, task, labels);
  if (type === 'string')
    return { ...plain, schemas: [`${key(name)}: z.string(),`], members: [`${key(name)}: ${data}[at] ?? '',`] };
  if (type === 'bool')
    return { ...plain, schemas: [`${key(name)}: z.boolean(),`], members: [`${key(name)}: ${data}[at] === 1,`] };
  if (isClass(output) && labels !== undefined)
    return {
      ...plain,
      names: true,
      schemas: [`${key(name)}: z.enum(${task}Labels),`],
      members: [`${key(name)}: labelOf(Number(${data}[at])),`],
    };
  return {
    ...plain,
    schemas: [`${key(name)}: ${isClass(output) ? 'z.int()' : 'z.number()'},`],
    members: [`${key(name)}: Number(${data}[at]),`],
  };
}

/** Names of classes in one sentence. */
const maxListed = 20;

const orderOf = ({ labels = [] }: GraphTensor): string =>
  labels.length > 0 && labels.length <= maxListed
    ? `One number a class, in this order: ${labels.join(', ')}.`
    : 'One number a class, in the order of the classes.';

function wide(output: GraphTensor, { name, index }: Member, task: string, labels: readonly string[] | undefined): Part {
  const rows = /^[A-Za-z]\w*$/.test(name) ? `${name}Rows` : `_${index + 1}Rows`;
  const prepared = [`const ${rows} = rowsOfTensor(${outputMember(output)});`];
  const count = output.shape?.[1];
  if (labels !== undefined && typeof count === 'number' && count !== labels.length)
    throw new CommandLineError(`--labels: there are ${labels.length} names, but the network has ${count} classes.`);
  if (labels === undefined)
    return {
      names: false,
      splits: true,
      prepared,
      schemas: [`${key(name)}: z.array(z.number()).describe(${code(orderOf(output))}),`],
      members: [`${key(name)}: Array.from(${rows}[at] ?? [], Number),`],
    };
  return {
    names: true,
    splits: true,
    prepared,
    schemas: [
      `${key(name)}: z.array(z.object({ label: z.enum(${task}Labels), score: z.number() })).describe('In the order of the classes.'),`,
    ],
    members: [
      `${key(name)}: Array.from(${rows}[at] ?? [], (score, index) => ({ label: labelOf(index), score: Number(score) })),`,
    ],
  };
}
