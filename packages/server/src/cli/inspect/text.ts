import { plain, shown, type Problem } from '../../onnx/problems.ts';
import type { GraphTensor, OnnxFile } from '../../onnx/read-onnx.ts';
import type { RowBatching } from '../../onnx/row-batching.ts';
import { sizeInWords } from '../../weights/byte-progress.ts';
import { table } from '../command.ts';

/** Operators and entries of metadata that are listed; `--json` has them all. */
const maxOperators = 12;
const maxMetadata = 20;
/** Columns that one sentence lists. */
const maxColumns = 20;
/** Characters of one value of the metadata. */
const maxValueLength = 70;

/** What there is to say of a file. */
export interface Inspection {
  readonly file: OnnxFile;
  /** Of the files with its weights. */
  readonly externalBytes: number;
  readonly rows: RowBatching;
  readonly problems: readonly Problem[];
}

/** A file in some paragraphs, for people. */
export function inspectionText(name: string, { file, externalBytes, rows, problems }: Inspection): string {
  const paragraphs = [
    [
      `${name}: ${sizeInWords(file.bytes)}, sha256 ${file.sha256}`,
      `IR version ${file.irVersion}, operators of ${opsetsOf(file)}${file.producer === '' ? '' : `, written by ${plain(file.producer)}`}`,
      `${file.parameters === 0 ? 'no parameters but in operators' : `${file.parameters.toLocaleString('en')} parameters`}${weightsOf(file, externalBytes)}`,
    ].join('\n'),
    `Inputs:\n${tensorTable(file.inputs)}`,
    `Outputs:\n${tensorTable(file.outputs)}`,
    `Operators: ${operatorsOf(file)}`,
    ...metadataOf(file),
    rows.text,
    ...unwrapped(file),
    ...unknownRanks(file),
    problems.length === 0
      ? 'Nothing is known to keep this runtime from serving it.'
      : `This runtime cannot serve it:\n${problems.map(({ text }) => `  ${text}`).join('\n')}`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

const tensorTable = (tensors: readonly GraphTensor[]): string =>
  tensors.length === 0
    ? '  none'
    : columns(tensors.map((tensor) => [plain(tensor.name), tensor.type, shapeOf(tensor)]));

function columns(rows: readonly (readonly [string, string, string])[]): string {
  const width = rows.reduce((longest, [, type]) => Math.max(longest, type.length), 0);
  return table(rows.map(([name, type, shape]) => [name, `${type.padEnd(width)}  ${shape}`]));
}

function shapeOf({ type, shape, operator }: GraphTensor): string {
  const from = operator === undefined ? '' : `  from ${plain(operator)}`;
  if (shape === undefined) return `${type.includes('(') ? '' : 'any number of axes'}${from}`.trimStart();
  return `[${shape.map((axis) => (typeof axis === 'string' ? plain(axis) : (axis ?? '?'))).join(', ')}]${from}`;
}

/** What is served otherwise than it is in the file. */
const unwrapped = ({ inputs, outputs }: OnnxFile): string[] => {
  const tensors = [...inputs, ...outputs].filter((tensor) => tensor.unwrapped !== undefined);
  return tensors.length === 0 ? [] : [tensors.map(unwrappedText).join('\n')];
};

function unwrappedText({ name, unwrapped: operator = '', labels = [] }: GraphTensor): string {
  const columns = labels
    .slice(0, maxColumns)
    .map((label) => (typeof label === 'string' ? plain(label) : String(label)));
  const more = labels.length - columns.length;
  const list = `${columns.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `In the file, ${shown(name)} is wrapped by ${operator}. It is served as a plain tensor${list === '' ? '' : `, with the columns ${list}`}.`;
}

function unknownRanks({ inputs }: OnnxFile): string[] {
  const unknown = inputs.filter(({ type, shape }) => shape === undefined && !type.includes('('));
  if (unknown.length === 0) return [];
  return [
    `The file does not say how many axes ${unknown.map(({ name }) => shown(name)).join(', ')} may have: any number is accepted, and the metadata say [-1].`,
  ];
}

const opsetsOf = ({ opsets }: OnnxFile): string =>
  Object.entries(opsets)
    .map(([domain, version]) => `${plain(domain)} ${version}`)
    .join(', ') || 'no version';

function weightsOf({ externalData }: OnnxFile, bytes: number): string {
  if (externalData.length === 0) return '';
  const [first = ''] = externalData;
  return `, weights in ${externalData.length === 1 ? shown(first) : `${externalData.length} files beside it`} (${sizeInWords(bytes)})`;
}

function operatorsOf({ operators }: OnnxFile): string {
  const words = operators
    .slice(0, maxOperators)
    .map(({ name, domain, count }) => `${domain === 'ai.onnx' ? '' : `${plain(domain)}.`}${plain(name)} × ${count}`);
  const more = operators.length - words.length;
  return (words.join(', ') || 'none') + (more > 0 ? ` and ${more} more` : '');
}

function metadataOf({ metadata }: OnnxFile): string[] {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return [];
  const rows = entries
    .slice(0, maxMetadata)
    .map(([key, value]): [string, string] => [plain(key), shown(value, maxValueLength)]);
  const more = entries.length > maxMetadata ? `\n  and ${entries.length - maxMetadata} more` : '';
  return [`Metadata:\n${table(rows)}${more}`];
}
