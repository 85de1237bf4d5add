import { basename } from 'node:path';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { sha256OfFile } from '../weights/byte-progress.ts';
import type { ColumnCategories } from './column-categories.ts';
import { FileFields } from './file-fields.ts';
import { otherFormat } from './other-formats.ts';
import { GraphReader, type Operator, tensorDataFields } from './graph-reader.ts';
import type { GraphTensor } from './graph-values.ts';
import { graphField, modelField, readOpset, readProperty } from './messages.ts';

/** What an ONNX file says of itself. Its weights are not decoded. */
export interface OnnxFile extends OnnxGraph {
  /** Of the whole file, in lower-case hex. Weights in files beside it are not part of it. */
  readonly sha256: string;
}

export interface OnnxGraph {
  readonly bytes: number;
  readonly irVersion: number;
  /** Name and version of the exporter, such as `pytorch 2.9.0`; may be empty. */
  readonly producer: string;
  /** Versions of the operator sets by domain; the default domain is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** What has to be fed: inputs with a default value, which old exporters list too, are left out. */
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  /** Operators of the graph, its subgraphs and its functions, the most frequent first. */
  readonly operators: readonly Operator[];
  /** Number of values in all stored tensors. */
  readonly parameters: number;
  /** Paths of files with weights, as seen from the folder of this one. */
  readonly externalData: readonly string[];
  /** What encoders know of columns of the inputs, at most one entry for a column. */
  readonly categories: readonly ColumnCategories[];
}

export type { ColumnCategories, GraphTensor, Operator };

/** A file that cannot be read as ONNX. The message says what it is and what to do, and names the file without its folder. */
export class NotOnnxError extends Error {
  override readonly name = 'NotOnnxError';
}

/** Protobuf's own limit, which ONNX Runtime keeps. */
const maxBytes = 2 ** 31 - 1;

/** Enough to recognise other formats. */
const headBytes = 4_096;

/**
 * Reads what an ONNX file says of itself, without ONNX Runtime.
 * @throws {NotOnnxError} for what is no ONNX file, or not all of one.
 */
export async function readOnnx(path: string): Promise<OnnxFile> {
  const graph = await readOnnxGraph(path);
  return { sha256: await sha256OfFile(path), ...graph };
}

/**
 * The same without the checksum: weights are skipped on disk, so that the size of a file does not matter.
 * @throws {NotOnnxError} for what is no ONNX file, or not all of one.
 */
export async function readOnnxGraph(path: string): Promise<OnnxGraph> {
  const name = basename(path);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new NotOnnxError(`${name} does not exist. Check the path.`);
  if (!found.isFile()) throw new NotOnnxError(`${name} is not a file. Name the ONNX file itself.`);
  const file = await open(path);
  try {
    const head = Buffer.alloc(Math.min(headBytes, found.size));
    await file.read(head, 0, head.length, 0);
    const other = otherFormat(head, found.size);
    if (other !== undefined) throw new NotOnnxError(`${name} ${other}`);
    if (found.size > maxBytes) {
      throw new NotOnnxError(
        `${name} has more than 2 GiB, which no ONNX file may have. Save its weights beside it: ` +
          'onnx.save(model, "model.onnx", save_as_external_data=True).',
      );
    }
    return { bytes: found.size, ...(await readModel(file, name, found.size)) };
  } finally {
    await file.close();
  }
}

async function readModel(file: FileHandle, name: string, size: number): Promise<Omit<OnnxGraph, 'bytes'>> {
  const fields = new FileFields(file);
  const graph = new GraphReader();
  const opsets: [domain: string, version: number][] = [];
  const metadata: [key: string, value: string][] = [];
  const producer = ['', ''];
  let irVersion: number | undefined;
  let hasGraph = false;
  try {
    for await (const field of fields.of({ start: 0, end: size })) {
      if (field.number === modelField.irVersion && field.value !== undefined) irVersion = field.value;
      if (field.range === undefined) continue;
      if (field.number === modelField.producerName) producer[0] = await fields.text(field.range);
      if (field.number === modelField.producerVersion) producer[1] = await fields.text(field.range);
      if (field.number === modelField.opset) opsets.push(readOpset(await fields.bytes(field.range)));
      if (field.number === modelField.metadata) metadata.push(readProperty(await fields.bytes(field.range)));
      if (field.number === modelField.function) graph.addFunction(await fields.bytes(field.range));
      if (field.number === modelField.graph) {
        hasGraph = true;
        for await (const part of fields.of(field.range)) {
          if (part.range === undefined) continue;
          const isWeight = part.number === graphField.initializer;
          graph.addField(part.number, await fields.bytes(part.range, isWeight ? tensorDataFields : undefined));
        }
      }
    }
  } catch (cause) {
    // Exporters write the IR version first; what begins otherwise is something else.
    const reason =
      irVersion !== undefined || hasGraph
        ? `is damaged or truncated: ${cause instanceof Error ? cause.message : String(cause)} Get the file again and compare its size.`
        : 'is no ONNX file. Name a file that was exported as ONNX.';
    throw new NotOnnxError(`${name} ${reason}`, { cause });
  }
  if (!hasGraph || irVersion === undefined) {
    throw new NotOnnxError(`${name} is no ONNX file: it holds no graph. Name a file that was exported as ONNX.`);
  }
  return {
    irVersion,
    producer: producer.join(' ').trim(),
    opsets: Object.fromEntries(opsets),
    metadata: Object.fromEntries(metadata),
    ...graph.content(),
  };
}
