import { PbfReader } from 'pbf';
import { readMessage, wireBytes } from './messages.ts';

/** What an encoder of a graph knows of a column of an input. */
export interface ColumnCategories {
  /** Name of the graph's input. */
  readonly input: string;
  /** Place in the input's second axis. */
  readonly column: number;
  /** In the encoder's order; not all of them where there are too many or too long ones. */
  readonly values: readonly (string | number)[];
  readonly isComplete: boolean;
  /** Whether the graph has no answer to another value: it fails, or computes on as if there were none. */
  readonly isClosed: boolean;
}

/** What an encoder keeps of its categories; more make no list that a person reads. */
const maxCategories = 200;
const maxCategoryCharacters = 100;
/** Of all encoders of a file together, and of all columns. */
const maxCategoriesOfFile = 20_000;

/** Of a table, and of all values in a graph that are followed to a column of one. */
const maxColumns = 2_000;
const maxFollowedColumns = 100_000;

/** Of a tensor with the places of columns; a longer one is no such tensor. */
const maxIndexBytes = 32 * 1024;

/** Operators that hand on columns as they are, in the default domain and in ai.onnx.ml. */
const followed: ReadonlySet<string> = new Set([
  'ArrayFeatureExtractor',
  'Cast',
  'Concat',
  'Flatten',
  'Gather',
  'Identity',
  'Imputer',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Where',
]);
const encoders: ReadonlySet<string> = new Set(['LabelEncoder', 'OneHotEncoder']);

/** Numbers of fields, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto */
const attributeField = { name: 1, integer: 3, floats: 7, integers: 8, strings: 9 } as const;
const tensorField = { dims: 1, type: 2, integers: 7, raw: 9 } as const;
const int64Type = 7;

interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly axis: number | undefined;
}

interface Encoder extends Pick<ColumnCategories, 'values' | 'isComplete' | 'isClosed'> {
  readonly source: string;
}

interface InputShape {
  readonly name: string;
  readonly shape: readonly (number | string | null)[] | undefined;
}

/** Where the values of a column come from. */
interface Origin {
  readonly input: string;
  readonly column: number;
  /** Other values stand in for those that are missing: the encoder does not see all that a client may send. */
  readonly isFilled: boolean;
}

/** Finds the encoders that columns of a graph's inputs go into, as exporters of scikit-learn write them. */
export class CategoryReader {
  readonly #nodes: Node[] = [];
  readonly #encoders: Encoder[] = [];
  readonly #indices = new Map<string, readonly number[]>();
  #categories = 0;

  /** A node of the main graph. */
  addNode(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: readonly Uint8Array[],
  ): void {
    if (followed.has(operator)) this.#nodes.push({ operator, inputs, outputs, axis: axisOf(attributes) });
    const [source] = inputs;
    if (!encoders.has(operator) || source === undefined) return;
    const encoder = readEncoder(operator, attributes);
    if (encoder === undefined || this.#categories + encoder.values.length > maxCategoriesOfFile) return;
    this.#categories += encoder.values.length;
    this.#encoders.push({ source, ...encoder });
  }

  /** A stored tensor of the main graph: it may say which columns a node takes. */
  addTensor(name: string, bytes: Uint8Array): void {
    const indices = bytes.length > maxIndexBytes ? undefined : readIndices(bytes);
    if (indices !== undefined && indices.length <= maxColumns) this.#indices.set(name, indices);
  }

  /** At most one entry for a column. */
  of(inputs: readonly InputShape[]): readonly ColumnCategories[] {
    if (this.#encoders.length === 0) return [];
    const origins = this.#origins(inputs);
    const found = new Map<string, ColumnCategories>();
    let count = 0;
    for (const { source, ...encoder } of this.#encoders) {
      for (const { input, column, isFilled } of origins.get(source) ?? []) {
        count += 1;
        if (count > maxFollowedColumns) return inBounds([...found.values()]);
        const place = JSON.stringify([input, column]);
        const categories = { input, column, ...encoder, isClosed: encoder.isClosed && !isFilled };
        found.set(place, stricter(categories, found.get(place)));
      }
    }
    return inBounds([...found.values()]);
  }

  /** The columns that each value of the graph consists of; nodes come after those that they depend on. */
  #origins(inputs: readonly InputShape[]): ReadonlyMap<string, readonly Origin[]> {
    const origins = new Map<string, readonly Origin[]>();
    let count = 0;
    const add = (name: string, columns: readonly Origin[] | undefined): void => {
      if (columns === undefined || columns.length > maxColumns) return;
      count += columns.length;
      if (count <= maxFollowedColumns) origins.set(name, columns);
    };
    for (const { name, shape } of inputs) {
      const width = shape?.length === 1 ? 1 : shape?.length === 2 ? shape[1] : undefined;
      if (typeof width === 'number' && width <= maxColumns)
        add(
          name,
          Array.from({ length: width }, (_, column) => ({ input: name, column, isFilled: false })),
        );
    }
    for (const node of this.#nodes) {
      const [output] = node.outputs;
      if (count > maxFollowedColumns) break;
      if (output !== undefined) add(output, this.#columnsOf(node, origins));
    }
    return origins;
  }

  #columnsOf(
    { operator, inputs: [first = '', second = '', third = ''], inputs, axis }: Node,
    origins: ReadonlyMap<string, readonly Origin[]>,
  ): readonly Origin[] | undefined {
    const columns = origins.get(first);
    switch (operator) {
      case 'Concat': {
        if (axis !== 1 && axis !== -1) return undefined;
        const parts = inputs.map((name) => origins.get(name));
        const width = parts.reduce((sum, part) => sum + (part?.length ?? Infinity), 0);
        return width <= maxColumns ? parts.flatMap((part) => part ?? []) : undefined;
      }
      case 'Gather':
        return axis === 1 || axis === -1 ? picked(columns, this.#indices.get(second)) : undefined;
      case 'ArrayFeatureExtractor':
        return picked(columns, this.#indices.get(second));
      case 'Imputer':
        return filled(columns);
      case 'Where':
        return filled(origins.get(third));
      case 'Cast':
      case 'Identity':
        return columns;
      default:
        // Another form of one column is one column.
        return columns?.length === 1 ? columns : undefined;
    }
  }
}

/** Many columns may share one encoder: what exceeds the maximum keeps one category of each. */
function inBounds(columns: readonly ColumnCategories[]): readonly ColumnCategories[] {
  let left = maxCategoriesOfFile;
  return columns.map((column) => {
    left -= column.values.length;
    return left >= 0 ? column : { ...column, values: column.values.slice(0, 1), isComplete: false };
  });
}

const filled = (columns: readonly Origin[] | undefined): readonly Origin[] | undefined =>
  columns?.map((origin) => ({ ...origin, isFilled: true }));

function picked(
  columns: readonly Origin[] | undefined,
  indices: readonly number[] | undefined,
): readonly Origin[] | undefined {
  const found = indices?.map((index) => columns?.at(index));
  return found?.every((origin) => origin !== undefined) === true ? found : undefined;
}

/** What remains where two encoders see the same column. */
function stricter(one: ColumnCategories, other: ColumnCategories | undefined): ColumnCategories {
  if (other === undefined) return one;
  if (one.isClosed && other.isClosed && other.isComplete)
    return { ...one, values: one.values.filter((value) => other.values.includes(value)) };
  if (one.isClosed !== other.isClosed) return one.isClosed ? one : other;
  return one.values.length > other.values.length ? one : other;
}

function readEncoder(operator: string, attributes: readonly Uint8Array[]): Omit<Encoder, 'source'> | undefined {
  const prefix = operator === 'OneHotEncoder' ? 'cats_' : 'keys_';
  // A OneHotEncoder ignores what it does not know unless `zeros` is 0; the other has a default for it, or none was wanted.
  let isClosed = operator === 'LabelEncoder';
  let categories: Categories | undefined;
  for (const bytes of attributes) {
    const attribute = readAttribute(bytes);
    if (attribute.name === 'zeros') isClosed = attribute.integer === 0;
    if (attribute.name.startsWith('default_')) isClosed = false;
    if (attribute.name.startsWith(prefix)) categories = attribute.categories;
  }
  if (categories === undefined || categories.values.size === 0) return undefined;
  return { values: [...categories.values], isComplete: categories.isComplete, isClosed };
}

function axisOf(attributes: readonly Uint8Array[]): number | undefined {
  for (const bytes of attributes) {
    const { name, integer } = readAttribute(bytes);
    if (name === 'axis') return integer;
  }
  return undefined;
}

interface Categories {
  readonly values: Set<string | number>;
  isComplete: boolean;
}

/** An AttributeProto: a number, or the first categories of a list. */
function readAttribute(bytes: Uint8Array): { name: string; integer: number; categories: Categories } {
  const { name, integer, floats, integers, strings } = attributeField;
  const read = { name: '', integer: 0, categories: { values: new Set<string | number>(), isComplete: true } };
  const add = (value: string | number | undefined): boolean => {
    const { categories } = read;
    if (value === undefined || categories.values.size >= maxCategories) categories.isComplete = false;
    else categories.values.add(value);
    return categories.values.size < maxCategories;
  };
  readMessage(bytes, (field, reader) => {
    if (field === name) read.name = reader.readString();
    if (field === integer) read.integer = reader.readVarint(true);
    if (field === strings) add(category(reader.readBytes()));
    if (field === floats) addNumbers(reader, (packed) => packed.readFloat(), add);
    if (field === integers) addNumbers(reader, (packed) => packed.readVarint(true), add);
  });
  return read;
}

/** Numbers of one field, one after the other, or each in a field of its own. */
function addNumbers(
  reader: PbfReader,
  read: (reader: PbfReader) => number,
  add: (value: number | undefined) => boolean,
): void {
  if (reader.type !== wireBytes) return void add(whole(read(reader)));
  const bytes = reader.readBytes();
  const packed = new PbfReader(bytes);
  while (packed.pos < bytes.length) if (!add(whole(read(packed)))) break;
  if (packed.pos < bytes.length) add(undefined);
}

/** A float32 with a fraction is not what a client writes: 0.1 would be 0.10000000149. */
const whole = (value: number): number | undefined => (Number.isSafeInteger(value) ? value : undefined);

function category(bytes: Uint8Array): string | undefined {
  // A character has at most four bytes.
  if (bytes.length > 4 * maxCategoryCharacters) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  return text.length > maxCategoryCharacters || text.includes('\uFFFD') ? undefined : text;
}

/** The values of a TensorProto of type int64, where they are in it. */
function readIndices(bytes: Uint8Array): readonly number[] | undefined {
  const values: number[] = [];
  let type = 0;
  readMessage(bytes, (field, reader) => {
    if (field === tensorField.type) type = reader.readVarint();
    if (field === tensorField.integers) reader.readPackedVarint(values, true);
    if (field !== tensorField.raw) return;
    const raw = reader.readBytes();
    const view = new DataView(raw.buffer, raw.byteOffset, raw.length - (raw.length % 8));
    for (let at = 0; at < view.byteLength; at += 8) values.push(Number(view.getBigInt64(at, true)));
  });
  return type === int64Type ? values : undefined;
}
