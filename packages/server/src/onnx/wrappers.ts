import { PbfReader } from 'pbf';
import type { GraphTensor } from './graph-values.ts';
import { readMessage, wireBytes } from './messages.ts';

/** A node of a graph. */
export interface GraphNode {
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly Uint8Array[];
}

/** Fields of NodeProto and AttributeProto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export const nodeField = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
const attributeField = { name: 1, integers: 8, strings: 9 } as const;

/** Operators at the edges of graphs that wrap tensors into what cannot be passed, or take them out of it. */
export const wrappingOperators: ReadonlySet<string> = new Set([
  'DictVectorizer',
  'Optional',
  'SequenceConstruct',
  'ZipMap',
]);

/** Attributes with the keys of maps. */
const labelAttributes: ReadonlySet<string> = new Set([
  'classlabels_int64s',
  'classlabels_strings',
  'int64_vocabulary',
  'string_vocabulary',
]);

/** Characters of all labels as JSON, which is part of what an engine says of a file. */
const maxLabelCharacters = 256 * 1024;

/** What is served in place of an input or output that is no tensor. */
export interface Unwrapped {
  /** Each with the value of the graph that it is. */
  readonly tensors: readonly { readonly tensor: GraphTensor; readonly inner: string }[];
  /** An output of the node that has to go, because a tensor takes its name or gives its value. */
  readonly node?: string;
}

/** Finds the tensors that a graph wraps at its edges. */
export class Wrappers {
  readonly #byOutput = new Map<string, GraphNode>();
  readonly #byInput = new Map<string, GraphNode>();
  readonly #values = new Set<string>();
  /** How many nodes take a value. */
  readonly #uses = new Map<string, number>();

  /** A node of the main graph. Attributes are needed of `wrappingOperators` only. */
  add(node: GraphNode): void {
    for (const name of node.outputs) this.#values.add(name);
    for (const name of node.inputs) this.#uses.set(name, this.#usesOf(name) + 1);
    if (!wrappingOperators.has(node.operator)) return;
    const [output] = node.outputs;
    const [input] = node.inputs;
    if (output !== undefined) this.#byOutput.set(output, node);
    if (input !== undefined) this.#byInput.set(input, node);
  }

  #usesOf(name: string): number {
    return this.#uses.get(name) ?? 0;
  }

  /** The tensors of an output that is none; undefined where it is one, or is made of none. */
  unwrapOutput({ name, type, shape }: GraphTensor): Unwrapped | undefined {
    const node = this.#byOutput.get(name);
    const [inner] = node?.inputs ?? [];
    if (node === undefined || inner === undefined) return undefined;
    const unwrapped = node.operator;
    const element = /^\w+\((\w+)\)$/.exec(type)?.[1];
    // A node of which another takes the output has to stay.
    const isLast = this.#usesOf(name) === 0;
    if (unwrapped === 'ZipMap' && isLast && /^sequence\(map\(\w+, float32\)\)$/.test(type)) {
      const { labels, count } = labelsOf(node);
      // The forests of several targets that scikit-learn exports name no classes.
      const columns = count === 0 ? undefined : [null, count];
      const tensor = { name, type: 'float32', shape: columns, unwrapped, labels };
      return { tensors: [{ tensor, inner }], node: name };
    }
    if (unwrapped === 'Optional' && isLast && element !== undefined)
      return { tensors: [{ tensor: { name, type: element, shape, unwrapped }, inner }], node: name };
    if (unwrapped !== 'SequenceConstruct' || element === undefined) return undefined;
    // Those of a sequence get its name with their number, unless that is the name of something else.
    const names = node.inputs.map((_, index) => `${name}_${index}`);
    if (names.some((taken) => this.#values.has(taken))) return undefined;
    const tensors = names.map((numbered) => ({ name: numbered, type: element, shape: undefined, unwrapped }));
    return { tensors: tensors.map((tensor, index) => ({ tensor, inner: node.inputs[index] ?? '' })) };
  }

  /** The tensor of an input that is none; undefined where it is one, or no tensor can stand for it. */
  unwrapInput({ name, type }: GraphTensor): Unwrapped | undefined {
    const node = this.#byInput.get(name);
    const [inner] = node?.outputs ?? [];
    const element = /^map\(\w+, (\w+)\)$/.exec(type)?.[1];
    if (node?.operator !== 'DictVectorizer' || this.#usesOf(name) > 1) return undefined;
    if (inner === undefined || element === undefined) return undefined;
    const { labels, count } = labelsOf(node);
    const tensor = { name, type: element, shape: [1, count], unwrapped: node.operator, labels };
    return { tensors: [{ tensor, inner }], node: inner };
  }
}

/** The keys of a node's maps, and how many there are. */
function labelsOf({ attributes }: GraphNode): Pick<GraphTensor, 'labels'> & { readonly count: number } {
  let labels: (string | number)[] = [];
  for (const attribute of attributes) {
    const { name, values } = readLabels(attribute);
    if (labelAttributes.has(name) && values.length > 0) labels = values;
  }
  // A number that JavaScript rounds is not the class.
  const isExact = labels.every((label) => typeof label === 'string' || Number.isSafeInteger(label));
  const isListed = labels.length > 0 && isExact && JSON.stringify(labels).length <= maxLabelCharacters;
  return { labels: isListed ? labels : undefined, count: labels.length };
}

function readLabels(bytes: Uint8Array): { name: string; values: (string | number)[] } {
  const read = { name: '', values: [] as (string | number)[] };
  readMessage(bytes, (field, reader) => {
    if (field === attributeField.name) read.name = reader.readString();
    if (field === attributeField.strings) read.values.push(reader.readString());
    if (field !== attributeField.integers) return;
    // One of them, or all at once.
    const values = reader.type === wireBytes ? new PbfReader(reader.readBytes()) : undefined;
    if (values === undefined) read.values.push(reader.readVarint(true));
    else while (values.pos < values.length) read.values.push(values.readVarint(true));
  });
  return read;
}
