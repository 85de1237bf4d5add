import { CategoryReader, type ColumnCategories } from './column-categories.ts';
import { type GraphTensor, readValue } from './graph-values.ts';
import { domainName, graphField, maxDepth, readMessage, readProperty, wireBytes } from './messages.ts';
import { type GraphNode, nodeField, Wrappers } from './wrappers.ts';

/** How often a graph uses an operator. */
export interface Operator {
  readonly name: string;
  /** `ai.onnx` for the default domain. */
  readonly domain: string;
  readonly count: number;
}

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
const functionField = { name: 1, node: 7, domain: 10 } as const;
const attributeField = { tensor: 5, graph: 6, tensors: 10, graphs: 11 } as const;
const tensorField = { dims: 1, name: 8, externalData: 13 } as const;

/** Fields of TensorProto with values: raw_data, and the lists for each type. */
export const tensorDataFields: ReadonlySet<number> = new Set([4, 5, 6, 7, 9, 10, 11]);

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
  readonly #wrappers = new Wrappers();
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
    const served = this.#inputs.filter(({ name }) => !this.#initializers.has(name));
    const inputs = served.flatMap(
      (input) => this.#wrappers.unwrapInput(input)?.tensors.map(({ tensor }) => tensor) ?? [input],
    );
    const outputs = this.#outputs.flatMap(
      (output) => this.#wrappers.unwrapOutput(output)?.tensors ?? [{ tensor: output, inner: output.name }],
    );
    return {
      inputs,
      outputs: outputs.map(({ tensor, inner }) => {
        const operator = this.#operatorOf(inner);
        return operator === undefined ? tensor : { ...tensor, operator };
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
    const node = readNode(bytes);
    const { operator: name, inputs, outputs, attributes } = node;
    for (const attribute of attributes) this.#addAttribute(attribute, depth);
    const domain = domainName(node.domain);
    const operator = this.#operators.get(keyOf(domain, name)) ?? { name, domain, count: 0 };
    operator.count += 1;
    this.#operators.set(keyOf(domain, name), operator);
    if (depth > 0) return;
    for (const output of outputs) this.#sources.set(output, { operator: name, input: inputs[0] });
    this.#categories.addNode(name, inputs, outputs, attributes);
    this.#wrappers.add(node);
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

/** A NodeProto. */
function readNode(bytes: Uint8Array): GraphNode {
  const node = {
    operator: '',
    domain: '',
    inputs: [] as string[],
    outputs: [] as string[],
    attributes: [] as Uint8Array[],
  };
  readMessage(bytes, (field, reader) => {
    if (field === nodeField.input) node.inputs.push(reader.readString());
    if (field === nodeField.output) node.outputs.push(reader.readString());
    if (field === nodeField.operator) node.operator = reader.readString();
    if (field === nodeField.domain) node.domain = reader.readString();
    if (field === nodeField.attribute) node.attributes.push(reader.readBytes());
  });
  return node;
}

const keyOf = (domain: string, name: string): string => JSON.stringify([domain, name]);
