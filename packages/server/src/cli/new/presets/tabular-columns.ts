import { readFile } from 'node:fs/promises';
import type { ColumnCategories, GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import type { PresetContext } from '../preset.ts';
import { code, type CodeValue } from '../quote.ts';

const maxColumns = 2_000;
const maxHeaderBytes = 1024 * 1024;

/** Longest text that is shown of a list of values, in characters. */
const maxShownCharacters = 200;

/** Types of columns by the graph's, as schemas. */
const columnSchemas: Readonly<Record<string, string>> = {
  float32: 'z.number()',
  float64: 'z.number()',
  int32: 'z.int().min(-(2 ** 31)).max(2 ** 31 - 1)',
  int64: 'z.int()',
  bool: 'z.boolean()',
  string: 'z.string().max(10_000)',
};

/** One matrix of all columns, or an input for each column. */
export type TabularInputs =
  | { readonly kind: 'matrix'; readonly tensor: GraphTensor; readonly width: number; readonly isBatchable: boolean }
  | { readonly kind: 'columns'; readonly tensors: readonly GraphTensor[]; readonly isBatchable: boolean };

export function tabularInputs({ inputs }: OnnxFile): TabularInputs | undefined {
  const [first] = inputs;
  if (first === undefined || inputs.some(({ type }) => columnSchemas[type] === undefined)) return undefined;
  const isBatchable = inputs.every(({ shape }) => typeof shape?.[0] !== 'number');
  const [, width] = first.shape ?? [];
  if (inputs.length === 1 && first.shape?.length === 2 && typeof width === 'number' && width <= maxColumns)
    return { kind: 'matrix', tensor: first, width, isBatchable };
  const isColumn = ({ shape }: GraphTensor): boolean => shape?.length === 1 || (shape?.length === 2 && shape[1] === 1);
  return inputs.length > 1 && inputs.length <= maxColumns && inputs.every(isColumn)
    ? { kind: 'columns', tensors: inputs, isBatchable }
    : undefined;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  /** Values that an encoder of the graph knows, its first ones where there are many; none where no encoder sees the column. */
  readonly known: readonly (string | number)[];
  /** Whether the graph has no answer to a value that is not known. */
  readonly isClosed: boolean;
}

export interface Columns {
  readonly list: readonly Column[];
  readonly isAssumed: boolean;
  /** Whether the graph replaces missing numbers. */
  readonly allowsMissing: boolean;
}

export async function chooseColumns(context: PresetContext, inputs: TabularInputs): Promise<Columns> {
  const allowsMissing = context.file.operators.some(({ name }) => name === 'Imputer');
  if (inputs.kind === 'columns')
    return {
      list: inputs.tensors.map(({ name, type }) => ({ name, type, ...encoded(context.file, { name, type }, 0) })),
      isAssumed: false,
      allowsMissing,
    };
  const { width, tensor } = inputs;
  const { value, assumed } = await context.choose<readonly string[] | string>({
    flag: 'columns',
    question: `What are the ${width} columns called (with commas, or a CSV file)`,
    parse: (text) => text,
    fallback: Array.from({ length: width }, (_, index) => `column${index + 1}`),
    show: (columns) =>
      typeof columns === 'string' ? columns : `${columns.slice(0, 3).join(',')}${columns.length > 3 ? ',…' : ''}`,
  });
  const columnNames = typeof value === 'string' ? await readColumns(value) : value;
  if (columnNames.length !== width)
    throw new CommandLineError(
      `--columns: there are ${columnNames.length} names, but the network takes ${width} columns.`,
    );
  const twice = columnNames.find((name, index) => columnNames.indexOf(name) !== index || name === '');
  if (twice !== undefined) throw new CommandLineError(`--columns: the name ${code(twice)} is empty or there twice.`);
  return {
    list: columnNames.map((name, column) => ({ name, type: tensor.type, ...encoded(context.file, tensor, column) })),
    isAssumed: assumed,
    allowsMissing,
  };
}

/** Names with commas or, where that is a file, its first line. */
async function readColumns(text: string): Promise<string[]> {
  const content = await readFile(text).catch(() => undefined);
  if (content === undefined) {
    if (/\.(csv|tsv|txt)$/i.test(text)) throw new CommandLineError(`--columns: ${text} cannot be read.`);
    return text.split(',').map((name) => name.trim());
  }
  const [line = ''] = content
    .subarray(0, maxHeaderBytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  const separator = [',', ';', '\t'].find((candidate) => line.includes(candidate)) ?? ',';
  return line.split(separator).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
}

/** What the graph says of the values of a column. */
function encoded(
  { categories }: OnnxFile,
  { name, type }: Pick<GraphTensor, 'name' | 'type'>,
  place: number,
): Pick<Column, 'known' | 'isClosed'> {
  const found = categories.find(({ input, column }) => input === name && column === place);
  return found === undefined || type === 'bool' || found.values.some((value) => !fits(value, type))
    ? { known: [], isClosed: false }
    : { known: found.values, isClosed: found.isClosed && found.isComplete && found.values.length > 0 };
}

const fits = (value: ColumnCategories['values'][number], type: string): boolean =>
  type === 'string' ? typeof value === 'string' : typeof value === 'number';

/** The schema of a value, as code. */
export function columnSchema({ type, known, isClosed }: Column, allowsMissing: boolean): string {
  const list = `${type === 'string' ? 'z.enum' : 'z.literal'}(${code(known)})`;
  const schema = isClosed ? list : (columnSchemas[type] ?? 'z.number()');
  return `${schema}${allowsMissing && isFloat(type) ? '.nullable()' : ''}`;
}

/** @throws {CommandLineError} for a value of a user's row that the graph has no answer to. */
export function refuseOther({ name, known, isClosed }: Column, value: CodeValue | undefined): void {
  if (!isClosed || value === null || known.some((each) => each === value)) return;
  const list = known.map(code).join(', ');
  const shown = list.length > maxShownCharacters ? `${list.slice(0, maxShownCharacters)}…` : list;
  throw new CommandLineError(
    `--sample: ${code(value ?? null)} is no value of ${code(name)} that the network knows: ${shown}.`,
  );
}

export const sampleValue = ({ type, known: [first] }: Column): number | string | boolean =>
  first ?? (type === 'string' ? 'a' : type === 'bool' ? false : type.startsWith('float') ? 0.5 : 0);

export const isFloat = (type: string): boolean => type.startsWith('float');
