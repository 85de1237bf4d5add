import type { PbfReader } from 'pbf';
import { CategoryReader, type ColumnCategories } from './column-categories.ts';
import { domainName, readMessage, readProperty, wireBytes, wireVarint } from './messages.ts';

/** An input or output of a graph. */
export interface GraphTensor {
  readonly name: string;
  /** `float32`, `int64`, `string` …; for what is no tensor, words such as `sequence(map(int64, float32))`. */
  readonly type: string;
  /** An axis is a length, a name, or null where it is free without a name. Undefined where the number of axes is unknown. */
  readonly shape: readonly (number | string | null)[] | undefined;
  /** Of an output: the operator that computes its values, seen through those that only arrange them, such as Reshape. */
  readonly operator?: string;
}

/** How often a graph uses an operator. */
export interface Operator {
  readonly name: string;
  /** `ai.onnx` for the default domain. */
  readonly domain: string;
  readonly count: number;
}

/** ONNX's numbers of element types, in the words of ONNX Runtime. */
const elementTypes: readonly string[] = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
];

/** Operators that leave values as they are. */
const arranging: ReadonlySet<string> = new Set([
  'Cast',
  'Flatten',
  'Identity',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** Numbers of fields, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
export const graphField = { node: 1, initializer: 5, input: 11, output: 12, sparseInitializer: 15 } as const;
const functionField = { name: 1, node: 7, domain: 10 } as const;
const nodeField = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 } as const;
const attributeField = { tensor: 5, graph: 6, tensors: 10, graphs: 11 } as const;
const tensorField = { dims: 1, name: 8, externalData: 13 } as const;
const typeField = { tensor: 1, sequence: 4, map: 5, sparseTensor: 8, optional: 9 } as const;

/** Fields of TensorProto with values: raw_data, and the lists for each type. */
export const tensorDataFields: ReadonlySet<number> = new Set([4, 5, 6, 7, 9, 10, 11]);

/** Protobuf's own limit to nesting; a file of some kilobytes could otherwise exhaust the stack. */
const maxDepth = 100;

type TypeAndShape = Pick<GraphTensor, 'type' | 'shape'>;
const unknownType: TypeAndShape = { type: 'undefined', shape: undefined };

/** Gathers what a graph consists of, a field of GraphProto at a time. */
export class GraphReader {
  readonly #inputs: GraphTensor[] = [];
  readonly #outputs: GraphTensor[] = [];
  readonly #initializers = new Set<string>();
  readonly #operators = new Map<string, { name: string; domain: string; count: number }>();
  readonly #functions = new Set<string>();
  readonly #externalData = new Set<string>();
  /** What computes a value of the main graph, and from what first. */
  readonly #sources = new Map<string, { readonly operator: string; readonly input: string | undefined }>();
  readonly #categories = new CategoryReader();
  #parameters = 0;

  /** @param bytes the content of the field. */
  addField(field: number, bytes: Uint8Array): void {
    if (field === graphField.input) this.#inputs.push(readValue(bytes));
    else if (field === graphField.output) this.#outputs.push(readValue(bytes));
    else this.#addPart(field, bytes, 0);
  }

  /** A FunctionProto: operators of its own, which nodes of the graph call. */
  addFunction(bytes: Uint8Array): void {
    let name = '';
    let domain = '';
    readMessage(bytes, (field, reader) => {
      if (field === functionField.name) name = reader.readString();
      if (field === functionField.domain) domain = reader.readString();
      if (field === functionField.node) this.#addNode(reader.readBytes(), 1);
    });
    this.#functions.add(keyOf(domainName(domain), name));
  }

  content(): {
    readonly inputs: readonly GraphTensor[];
    readonly outputs: readonly GraphTensor[];
    readonly operators: readonly Operator[];
    readonly parameters: number;
    readonly externalData: readonly string[];
    readonly categories: readonly ColumnCategories[];
  } {
    const operators = [...this.#operators].filter(([key]) => !this.#functions.has(key)).map(([, operator]) => operator);
    const inputs = this.#inputs.filter(({ name }) => !this.#initializers.has(name));
    return {
      inputs,
      outputs: this.#outputs.map((output) => {
        const operator = this.#operatorOf(output.name);
        return operator === undefined ? output : { ...output, operator };
      }),
      operators: operators.sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1)),
      parameters: this.#parameters,
      externalData: [...this.#externalData],
      categories: this.#categories.of(inputs),
    };
  }

  #operatorOf(output: string): string | undefined {
    const seen = new Set<string>();
    for (let name: string | undefined = output; name !== undefined && !seen.has(name);) {
      seen.add(name);
      const source = this.#sources.get(name);
      if (source === undefined || !arranging.has(source.operator)) return source?.operator;
      name = source.input;
    }
    return undefined;
  }

  /** What graphs and their subgraphs have in common. */
  #addPart(field: number, bytes: Uint8Array, depth: number): void {
    if (field === graphField.node) this.#addNode(bytes, depth);
    if (field === graphField.initializer) {
      const name = this.#addTensor(bytes);
      if (depth === 0) {
        this.#initializers.add(name);
        this.#categories.addTensor(name, bytes);
      }
    }
    if (field === graphField.sparseInitializer) {
      readMessage(bytes, (part, reader) => {
        if (part === 1) this.#addTensor(reader.readBytes());
      });
    }
  }

  #addNode(bytes: Uint8Array, depth: number): void {
    if (depth > maxDepth) throw new Error(`Its graphs are nested more than ${maxDepth} deep.`);
    let name = '';
    let domain = '';
    const inputs: string[] = [];
    const outputs: string[] = [];
    const attributes: Uint8Array[] = [];
    readMessage(bytes, (field, reader) => {
      if (field === nodeField.input) inputs.push(reader.readString());
      if (field === nodeField.output) outputs.push(reader.readString());
      if (field === nodeField.operator) name = reader.readString();
      if (field === nodeField.domain) domain = reader.readString();
      if (field === nodeField.attribute) attributes.push(reader.readBytes());
    });
    for (const attribute of attributes) this.#addAttribute(attribute, depth);
    domain = domainName(domain);
    const operator = this.#operators.get(keyOf(domain, name)) ?? { name, domain, count: 0 };
    operator.count += 1;
    this.#operators.set(keyOf(domain, name), operator);
    if (depth > 0) return;
    for (const output of outputs) this.#sources.set(output, { operator: name, input: inputs[0] });
    this.#categories.addNode(name, inputs, outputs, attributes);
  }

  /** Attributes hold constants, and the graphs of loops and branches. */
  #addAttribute(bytes: Uint8Array, depth: number): void {
    const { tensor, tensors, graph, graphs } = attributeField;
    readMessage(bytes, (field, reader) => {
      if (field === tensor || field === tensors) this.#addTensor(reader.readBytes());
      if (field !== graph && field !== graphs) return;
      readMessage(reader.readBytes(), (part, inner) => {
        if (inner.type === wireBytes) this.#addPart(part, inner.readBytes(), depth + 1);
      });
    });
  }

  /** Counts a stored tensor and returns its name. */
  #addTensor(bytes: Uint8Array): string {
    const dims: number[] = [];
    let name = '';
    readMessage(bytes, (field, reader) => {
      if (field === tensorField.dims) reader.readPackedVarint(dims, true);
      if (field === tensorField.name) name = reader.readString();
      if (field !== tensorField.externalData) return;
      const [key, value] = readProperty(reader.readBytes());
      if (key === 'location') this.#externalData.add(value);
    });
    this.#parameters += dims.reduce((product, length) => product * length, 1);
    return name;
  }
}

/** A ValueInfoProto. */
function readValue(bytes: Uint8Array): GraphTensor {
  let name = '';
  let type: TypeAndShape = unknownType;
  readMessage(bytes, (field, reader) => {
    if (field === 1) name = reader.readString();
    if (field === 2) type = readType(reader.readBytes(), 0);
  });
  return { name, ...type };
}

/** A TypeProto: a tensor, or something made of tensors, which has no shape. */
function readType(bytes: Uint8Array, depth: number): TypeAndShape {
  if (depth > maxDepth) throw new Error(`Its types are nested more than ${maxDepth} deep.`);
  let read: TypeAndShape = unknownType;
  const element = (reader: PbfReader): string => elementsOf(reader.readBytes(), depth).join(', ');
  readMessage(bytes, (field, reader) => {
    if (field === typeField.tensor) read = readTensorType(reader.readBytes());
    if (field === typeField.sequence) read = noTensor('sequence', element(reader));
    if (field === typeField.map) read = noTensor('map', element(reader));
    if (field === typeField.optional) read = noTensor('optional', element(reader));
    if (field === typeField.sparseTensor) read = noTensor('sparse', readTensorType(reader.readBytes()).type);
  });
  return read;
}

const noTensor = (word: string, element: string): TypeAndShape => ({ type: `${word}(${element})`, shape: undefined });

/** The types in a sequence, an optional value or a map, whose keys are plain. */
function elementsOf(bytes: Uint8Array, depth: number): string[] {
  const types: string[] = [];
  readMessage(bytes, (_, reader) => {
    if (reader.type === wireVarint) types.push(elementType(reader.readVarint()));
    else if (reader.type === wireBytes) types.push(readType(reader.readBytes(), depth + 1).type);
  });
  return types;
}

function readTensorType(bytes: Uint8Array): TypeAndShape {
  let type = 'undefined';
  let shape: (number | string | null)[] | undefined;
  readMessage(bytes, (field, reader) => {
    if (field === 1) type = elementType(reader.readVarint());
    if (field === 2) {
      const axes: (number | string | null)[] = [];
      readMessage(reader.readBytes(), (part, axis) => {
        if (part === 1) axes.push(readAxis(axis.readBytes()));
      });
      shape = axes;
    }
  });
  return { type, shape };
}

function readAxis(bytes: Uint8Array): number | string | null {
  let axis: number | string | null = null;
  readMessage(bytes, (field, reader) => {
    if (field === 1) axis = reader.readVarint(true);
    if (field === 2) axis = reader.readString();
  });
  // Some exporters write -1, or a name without letters, for an axis of any length.
  return axis === '' || (typeof axis === 'number' && axis < 0) ? null : axis;
}

const elementType = (number: number): string => elementTypes[number] ?? `type ${number}`;

const keyOf = (domain: string, name: string): string => JSON.stringify([domain, name]);
