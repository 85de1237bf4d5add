import { initializer, node, onnxFile } from '../../../apps/server/test/onnx/onnx.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { type Constant, constantOf, transpose } from './constant.ts';
import { type Model, type Operator, readModel } from './tflite/read-model.ts';

/** TFLite keeps the channels of a picture last, ONNX first. */
const channelsFirst = [0, 3, 1, 2];
const channelsLast = [0, 2, 3, 1];

/**
 * Converts a TFLite file with one picture as input to an ONNX file. `input` and `output` keep TFLite's order of axes
 * (channels last); inside, channels come first.
 * @throws when the network has an operator, an activation or a type that is not known here.
 */
export const convert = (file: Uint8Array): Uint8Array => new Conversion(readModel(file)).run();

class Conversion {
  readonly #model: Model;
  readonly #nodes: Uint8Array[] = [];
  readonly #initializers: Uint8Array[] = [];
  /** Half-precision constants that the network widens at its start, as what they are widened to. */
  readonly #widened = new Map<number, Constant>();
  #names = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  run(): Uint8Array {
    const { inputs, outputs, operators, tensors } = this.#model;
    const [input, output] = [inputs[0], outputs[0]];
    if (inputs.length !== 1 || outputs.length !== 1 || input === undefined || output === undefined)
      throw new Error('Only networks with one input and one output are converted.');
    const shapes = [input, output].map((index) => tensors[index]?.shape ?? []);
    if (shapes.some((shape) => shape.length !== 4)) throw new Error('Input and output must have four axes.');
    this.#node('Transpose', ['input'], valueName(input), { perm: channelsFirst });
    for (const operator of operators) this.#convert(operator);
    this.#node('Transpose', [valueName(output)], 'output', { perm: channelsLast });
    return onnxFile({
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: [{ name: 'input', type: 'float32', shape: shapes[0] ?? [] }],
      outputs: [{ name: 'output', type: 'float32', shape: shapes[1] ?? [] }],
    });
  }

  /** Numbers are those of `BuiltinOperator`; fields of options those of each operator's table in schema.fbs. */
  #convert(operator: Operator): void {
    const { code, customName, inputs, outputs } = operator;
    const [first = -1, second = -1] = inputs;
    const output = outputs[0] ?? -1;
    const options = operator.options;
    switch (code) {
      case 0:
        return this.#activated('Add', [this.#value(first), this.#value(second)], output, options?.int8(0));
      case 1:
        return this.#activated('AveragePool', [valueName(first)], output, options?.int8(5), {
          ...windowOf(operator),
          kernel_shape: [options?.int32(4) ?? 1, options?.int32(3) ?? 1],
        });
      case 3:
        return this.#convolution(operator, [0, 3, 1, 2], options?.int8(3), [5, 4]);
      case 4:
        return this.#convolution(operator, [3, 0, 1, 2], options?.int8(4), [6, 5]);
      case 6:
        this.#widened.set(output, this.#constant(first));
        return;
      case 14:
        return this.#node('Sigmoid', [valueName(first)], valueName(output));
      case 18:
        return this.#activated('Mul', [this.#value(first), this.#value(second)], output, options?.int8(0));
      case 19:
        return this.#node('Relu', [valueName(first)], valueName(output));
      case 23:
        return this.#resize(operator);
      case 117:
        return this.#node('HardSwish', [valueName(first)], valueName(output));
      default:
        if (customName === 'Convolution2DTransposeBias') return this.#transposedConvolution(operator);
        throw new Error(`Operator ${code} ${customName} is not converted.`);
    }
  }

  #convolution(
    operator: Operator,
    order: readonly number[],
    activation: number | undefined,
    dilations: readonly [number, number],
  ): void {
    const { inputs, outputs, options, code } = operator;
    const [input = -1, filter = -1, bias = -1] = inputs;
    const weights = transpose(this.#constant(filter), order);
    const depthwise = code === 4 ? { group: this.#shape(input)[3]! } : {};
    this.#activated(
      'Conv',
      [valueName(input), this.#hold(weights), this.#hold(this.#constant(bias))],
      outputs[0] ?? -1,
      activation,
      {
        ...windowOf(operator),
        dilations: dilations.map((field) => options?.int32(field, 1) ?? 1),
        kernel_shape: weights.shape.slice(2),
        ...depthwise,
      },
    );
  }

  /** MediaPipe's own: padding, then the strides across and down, as 32-bit numbers; padding 1 is SAME. */
  #transposedConvolution({ inputs, outputs, customOptions }: Operator): void {
    const [input = -1, filter = -1, bias = -1] = inputs;
    const view = new DataView(customOptions.buffer, customOptions.byteOffset, customOptions.byteLength);
    const weights = transpose(this.#constant(filter), [3, 0, 1, 2]);
    const held = [this.#hold(weights), this.#hold(this.#constant(bias))];
    this.#node('ConvTranspose', [valueName(input), ...held], valueName(outputs[0] ?? -1), {
      auto_pad: view.getInt32(0, true) === 1 ? 'SAME_UPPER' : 'VALID',
      strides: [view.getInt32(8, true), view.getInt32(4, true)],
      kernel_shape: weights.shape.slice(2),
    });
  }

  #resize({ inputs, outputs, options }: Operator): void {
    const [input = -1] = inputs;
    const [output = -1] = outputs;
    const shape = this.#shape(output);
    const sizes = this.#name();
    this.#initializers.push(
      initializer(
        sizes,
        [4],
        BigInt64Array.from(channelsFirst, (axis) => BigInt(shape[axis]!)),
      ),
    );
    const middles = options?.int8(3) === 1 ? 'half_pixel' : 'asymmetric';
    this.#node('Resize', [valueName(input), '', '', sizes], valueName(output), {
      mode: 'linear',
      coordinate_transformation_mode: options?.int8(2) === 1 ? 'align_corners' : middles,
    });
  }

  /** A node and the activation that TFLite has fused into it: 0 is none, 1 ReLU, 3 ReLU cut off at 6. */
  #activated(
    operator: string,
    inputs: readonly string[],
    output: number,
    activation = 0,
    attributes: Attributes = {},
  ): void {
    if (activation === 0) return this.#node(operator, inputs, valueName(output), attributes);
    const before = this.#name();
    this.#node(operator, inputs, before, attributes);
    if (activation === 1) return this.#node('Relu', [before], valueName(output));
    if (activation !== 3) throw new Error(`Activation ${activation} is not converted.`);
    const bounds = [0, 6].map((bound) => this.#hold({ shape: [], values: Float32Array.of(bound) }));
    this.#node('Clip', [before, ...bounds], valueName(output));
  }

  /** What an operator with two equal sides takes: a value, or a constant whose axes fit one with channels first. */
  #value(index: number): string {
    if (!this.#isConstant(index)) return valueName(index);
    const constant = this.#constant(index);
    if (constant.shape.length === 4) return this.#hold(transpose(constant, channelsFirst));
    const channels = constant.values.length;
    return this.#hold({ shape: channels === 1 ? [1] : [1, channels, 1, 1], values: constant.values });
  }

  #isConstant = (index: number): boolean =>
    this.#widened.has(index) || (this.#model.tensors[index]?.data.length ?? 0) > 0;

  #constant(index: number): Constant {
    const tensor = this.#model.tensors[index];
    if (tensor === undefined) throw new Error(`There is no tensor ${index}.`);
    return this.#widened.get(index) ?? constantOf(tensor);
  }

  #shape = (index: number): readonly number[] => this.#model.tensors[index]?.shape ?? [];

  #hold({ shape, values }: Constant): string {
    const name = this.#name();
    this.#initializers.push(initializer(name, shape, values));
    return name;
  }

  #node(operator: string, inputs: readonly string[], output: string, attributes: Attributes = {}): void {
    this.#nodes.push(node(operator, inputs, [output], attributesOf(attributes)));
  }

  #name(): string {
    this.#names += 1;
    return `c${this.#names}`;
  }
}

const valueName = (tensor: number): string => `t${tensor}`;

/** Padding and strides stand first in every operator with a window: 0 is SAME, 1 VALID; across, then down. */
const windowOf = ({ options }: Operator): Attributes => ({
  auto_pad: options?.int8(0) === 1 ? 'VALID' : 'SAME_UPPER',
  strides: [options?.int32(2, 1) ?? 1, options?.int32(1, 1) ?? 1],
});
