import { type FileHandle, open, stat } from 'node:fs/promises';
import { PbfWriter } from 'pbf';
import { FileFields, type Range } from './file-fields.ts';
import { type GraphTensor, readValue, writeValue } from './graph-values.ts';
import { graphField, modelField } from './messages.ts';
import { type GraphNode, nodeField, type Unwrapped, Wrappers, wrappingOperators } from './wrappers.ts';

/** An ONNX file as it is served. */
export interface ServedFile {
  /** Its inputs and outputs, and in place of those that wrap tensors these tensors. */
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
  /** What has to change for that; undefined where the file is loaded as it is. */
  readonly edits: Edits | undefined;
}

interface Edits {
  /** Where fields of the graph begin that are to be passed over. */
  readonly removed: readonly number[];
  /** Follows the file: parsers merge a second graph into the first. */
  readonly added: Uint8Array;
}

/**
 * Stands for the first byte of such a field: that of a message as a field that GraphProto does not have, which parsers pass over.
 * So nothing is moved, and a large file is not copied.
 */
const passedOver = (9 << 3) | 2;

/** An input or output, and where it is in the file. */
interface PlacedValue {
  readonly value: GraphTensor;
  readonly bytes: Uint8Array;
  readonly start: number;
}

interface PlacedNode {
  readonly start: number;
  readonly outputs: readonly string[];
}

/** What a graph says of its edges. */
interface Edges {
  readonly inputs: readonly PlacedValue[];
  readonly outputs: readonly PlacedValue[];
  readonly nodes: readonly Range[];
}

/**
 * How a file is served. Weights and most of the graph stay on the disk.
 * @throws where it cannot be read as ONNX.
 */
export async function readServedFile(path: string): Promise<ServedFile> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    const fields = new FileFields(file);
    const edges = await readEdges(fields, size);
    const { inputs, outputs } = edges;
    if ([...inputs, ...outputs].every(({ value: { type } }) => !type.includes('(')))
      return { inputs: inputs.map(({ value }) => value), outputs: outputs.map(({ value }) => value), edits: undefined };
    const { wrappers, nodes } = await readNodes(fields, edges.nodes);
    return unwrapped(
      inputs.map((input) => ({ ...input, unwrapped: wrappers.unwrapInput(input.value) })),
      outputs.map((output) => ({ ...output, unwrapped: wrappers.unwrapOutput(output.value) })),
      nodes,
    );
  } finally {
    await file.close();
  }
}

/** The bytes of a file with its edits. */
export async function editedFile(path: string, { removed, added }: Edits): Promise<Uint8Array> {
  const { size } = await stat(path);
  const bytes = Buffer.allocUnsafeSlow(size + added.length);
  const file = await open(path);
  try {
    await readWhole(file, bytes.subarray(0, size));
  } finally {
    await file.close();
  }
  bytes.set(added, size);
  for (const start of removed) bytes[start] = passedOver;
  return bytes;
}

async function readWhole(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let start = 0; start < bytes.length;) {
    const { bytesRead } = await file.read(bytes, start, bytes.length - start, start);
    if (bytesRead === 0) throw new Error(`It ends at byte ${start}.`);
    start += bytesRead;
  }
}

async function readEdges(fields: FileFields, size: number): Promise<Edges> {
  const edges = { inputs: [] as PlacedValue[], outputs: [] as PlacedValue[], nodes: [] as Range[] };
  for await (const { number, range } of fields.of({ start: 0, end: size })) {
    if (number !== modelField.graph || range === undefined) continue;
    for await (const part of fields.of(range)) {
      if (part.range === undefined) continue;
      if (part.number === graphField.node) edges.nodes.push(part.whole);
      if (part.number !== graphField.input && part.number !== graphField.output) continue;
      const bytes = await fields.bytes(part.range);
      const side = part.number === graphField.input ? edges.inputs : edges.outputs;
      side.push({ value: readValue(bytes), bytes, start: part.whole.start });
    }
  }
  return edges;
}

async function readNodes(
  fields: FileFields,
  ranges: readonly Range[],
): Promise<{ readonly wrappers: Wrappers; readonly nodes: readonly PlacedNode[] }> {
  const wrappers = new Wrappers();
  const nodes: PlacedNode[] = [];
  for (const whole of ranges) {
    const node = await readNode(fields, whole);
    wrappers.add(node);
    nodes.push({ start: whole.start, outputs: node.outputs });
  }
  return { wrappers, nodes };
}

/** A node with the attributes of those that wrap tensors: the trees of a forest are attributes too. */
async function readNode(fields: FileFields, whole: Range): Promise<GraphNode> {
  const attributes: Range[] = [];
  const node = { operator: '', domain: '', inputs: [] as string[], outputs: [] as string[], attributes };
  for await (const outer of fields.of(whole)) {
    for await (const { number, range } of fields.of(outer.range ?? { start: 0, end: 0 })) {
      if (range === undefined) continue;
      if (number === nodeField.input) node.inputs.push(await fields.text(range));
      if (number === nodeField.output) node.outputs.push(await fields.text(range));
      if (number === nodeField.operator) node.operator = await fields.text(range);
      if (number === nodeField.attribute) attributes.push(range);
    }
  }
  if (!wrappingOperators.has(node.operator)) return { ...node, attributes: [] };
  const read: Uint8Array[] = [];
  for (const range of attributes) read.push(await fields.bytes(range));
  return { ...node, attributes: read };
}

type Side = readonly (PlacedValue & { readonly unwrapped: Unwrapped | undefined })[];

function unwrapped(inputs: Side, outputs: Side, nodes: readonly PlacedNode[]): ServedFile {
  const served = {
    inputs: inputs.flatMap((input) => input.unwrapped?.tensors.map(({ tensor }) => tensor) ?? [input.value]),
    outputs: outputs.flatMap((output) => output.unwrapped?.tensors.map(({ tensor }) => tensor) ?? [output.value]),
  };
  const wraps = [...inputs, ...outputs].flatMap((value) => value.unwrapped ?? []);
  if (wraps.length === 0) return { ...served, edits: undefined };
  const superfluous = new Set(wraps.flatMap(({ node }) => node ?? []));
  const writer = new PbfWriter();
  writer.writeMessage(modelField.graph, writeGraph, { inputs, outputs });
  return {
    ...served,
    edits: {
      // All inputs and outputs are written anew, because they have an order.
      removed: [
        ...[...inputs, ...outputs].map(({ start }) => start),
        ...nodes.filter((node) => node.outputs.some((name) => superfluous.has(name))).map(({ start }) => start),
      ],
      added: writer.finish(),
    },
  };
}

function writeGraph({ inputs, outputs }: { readonly inputs: Side; readonly outputs: Side }, writer: PbfWriter): void {
  for (const { unwrapped: wrap } of inputs) {
    for (const { tensor, inner } of wrap?.tensors ?? []) writeIdentity(writer, tensor.name, inner);
  }
  for (const { unwrapped: wrap } of outputs) {
    for (const { tensor, inner } of wrap?.tensors ?? []) writeIdentity(writer, inner, tensor.name);
  }
  writeSide(writer, graphField.input, inputs);
  writeSide(writer, graphField.output, outputs);
}

function writeSide(writer: PbfWriter, field: number, side: Side): void {
  for (const { bytes, unwrapped: wrap } of side) {
    if (wrap === undefined) writer.writeBytesField(field, bytes);
    else for (const { tensor } of wrap.tensors) writer.writeMessage(field, writeValue, tensor);
  }
}

const writeIdentity = (writer: PbfWriter, from: string, to: string): void =>
  writer.writeMessage(
    graphField.node,
    (_, node) => {
      node.writeStringField(nodeField.input, from);
      node.writeStringField(nodeField.output, to);
      node.writeStringField(nodeField.operator, 'Identity');
    },
    undefined,
  );
