import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandLineError } from '../../command.ts';
import type { Chosen, Flag, Names, PresetContext } from '../preset.ts';
import { code, commentLines } from '../quote.ts';

/** Beyond these, a union of all labels makes a contract that no editor shows any more. */
const maxTypedLabels = 1_000;
/** The largest labels file that is read. */
const maxLabelsBytes = 4 * 1024 * 1024;

/** Where exporters and trainers leave names. Ultralytics and others write `names`. */
const metadataKeys = ['names', 'labels', 'classes', 'class_names', 'id2label', 'categories'];
/** Beside the ONNX file; `config.json` is that of Hugging Face's models. */
const neighbours = ['labels.txt', 'classes.txt', 'labels.json', 'classes.json', 'config.json'];

export const labelsFlag: Flag = {
  value: 'FILE',
  about: 'Names of the classes: a text file with one a line, JSON (a list, or names by number), or names with commas.',
};

/**
 * The names of a network's classes, in their order: from `--labels`, the file's metadata or a file beside it; else they are numbered.
 *
 * @param count as the graph says; undefined where it does not
 */
export async function chooseLabels(context: PresetContext, count: number | undefined): Promise<Chosen<string[]>> {
  const found = labelsInMetadata(context.file.metadata, count) ?? (await labelsBeside(context, count));
  const { value, assumed } = await context.choose<string[] | string>({
    flag: 'labels',
    question: 'Which file holds the names of the classes',
    parse: (text) => text,
    ...(found === undefined ? {} : { known: found }),
    ...(count === undefined ? {} : { fallback: Array.from({ length: count }, (_, index) => `class ${index}`) }),
    show: (labels) => (Array.isArray(labels) ? shown(labels) : labels),
  });
  const labels = typeof value === 'string' ? await readLabels(value) : value;
  if (count !== undefined && labels.length !== count)
    throw new CommandLineError(`--labels: there are ${labels.length} names, but the network has ${count} classes.`);
  return { value: labels, assumed };
}

/** Exports the labels under the task's name. */
export const labelsCode = (
  { task }: Names,
  { value, assumed }: Pick<Chosen<readonly string[]>, 'value' | 'assumed'>,
): string =>
  `${assumed ? commentLines(['Assumed: the classes have numbers for names. --labels names a file with theirs, in the order of the scores.']) : ''}/** The classes, in the order of the network's scores. */
export const ${task}Labels = ${code(value)} as const;`;

/** The schema of a class's name. */
export const labelSchema = ({ task }: Names, labels: readonly string[]): string =>
  labels.length <= maxTypedLabels ? `z.enum(${task}Labels)` : 'z.string()';

const shown = (labels: readonly string[]): string => labels.slice(0, 3).join(',') + (labels.length > 3 ? ',…' : '');

export async function readLabels(value: string): Promise<string[]> {
  const text = await readText(value);
  if (text === undefined) {
    // What has neither a folder nor an ending is a name, not a file that is missing.
    if (value.includes(',') || !/[\\/.]/.test(value)) return value.split(',').map((label) => label.trim());
    throw new CommandLineError(`--labels: ${value} cannot be read. Name a file, or the names themselves with commas.`);
  }
  const labels = labelsOfText(text);
  if (labels === undefined)
    throw new CommandLineError(`--labels: ${basename(value)} holds no names: expected one a line, or a list in JSON.`);
  return labels;
}

function labelsInMetadata(metadata: Readonly<Record<string, string>>, count: number | undefined): string[] | undefined {
  for (const key of metadataKeys) {
    const text = metadata[key];
    const labels = text === undefined ? undefined : labelsOfText(text);
    if (labels !== undefined && (count === undefined ? labels.length > 1 : labels.length === count)) return labels;
  }
  return undefined;
}

async function labelsBeside(context: PresetContext, count: number | undefined): Promise<string[] | undefined> {
  if (count === undefined) return undefined;
  for (const name of neighbours) {
    const text = await readText(join(dirname(context.path), name));
    const labels = text === undefined ? undefined : labelsOfText(text);
    // A file of another model may lie there too.
    if (labels?.length !== count) continue;
    context.note(
      `The names of the classes are those of ${name}, which lies beside the ONNX file; --labels names another file.`,
    );
    return labels;
  }
  return undefined;
}

async function readText(path: string): Promise<string | undefined> {
  const content = await readFile(path).catch(() => undefined);
  if (content === undefined || content.length > maxLabelsBytes) return undefined;
  const text = content.toString('utf8');
  return text.includes('\0') ? undefined : text;
}

/** Names in JSON, in Python's notation of a dictionary, or one a line. */
function labelsOfText(text: string): string[] | undefined {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return undefined;
  if (!/^[[{]/.test(trimmed)) return trimmed.split(/\r?\n/).map((line) => line.trim());
  return labelsOfJson(parsedJson(trimmed)) ?? labelsOfPython(trimmed);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function labelsOfJson(value: unknown): string[] | undefined {
  if (Array.isArray(value))
    return value.every((label) => typeof label === 'string') && value.length > 0 ? value : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  // In Hugging Face's config.json.
  const { id2label = value } = value as { readonly id2label?: unknown };
  return typeof id2label === 'object' && id2label !== null ? inOrder(Object.entries(id2label)) : undefined;
}

/** `{0: 'person', 1: "driver's seat"}`, as Ultralytics writes it. */
function labelsOfPython(text: string): string[] | undefined {
  const entries = [...text.matchAll(/(?<!\d)(\d{1,6})\s*:\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")/g)];
  return inOrder(
    entries.map(([, number = '', single, double]) => [number, (single ?? double ?? '').replaceAll(/\\(.)/g, '$1')]),
  );
}

/** Names by number, where the numbers are 0, 1, 2 and so on. */
function inOrder(entries: readonly (readonly [number: string, name: unknown])[]): string[] | undefined {
  const labels: string[] = [];
  for (const [number, name] of entries) {
    if (!/^\d{1,6}$/.test(number) || typeof name !== 'string') return undefined;
    labels[Number(number)] = name;
  }
  const isWhole = labels.length === entries.length && labels.length > 0;
  return isWhole && Array.from(labels).every((label) => label !== undefined) ? labels : undefined;
}
