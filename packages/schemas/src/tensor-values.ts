import { z } from 'zod';

/** The most values of a tensor of free axes: what a JSON input may have. */
const maxValues = 1_000_000;

/** The element types that JSON can hold. Integers of 64 bits are exact up to 2^53. */
export type JsonTensorType = keyof typeof elements;

const integer = (min: number, max: number): z.ZodNumber => z.int().min(min).max(max);

const elements = {
  float32: z.number(),
  float64: z.number(),
  int8: integer(-(2 ** 7), 2 ** 7 - 1),
  int16: integer(-(2 ** 15), 2 ** 15 - 1),
  int32: integer(-(2 ** 31), 2 ** 31 - 1),
  int64: z.int(),
  uint8: integer(0, 2 ** 8 - 1),
  uint16: integer(0, 2 ** 16 - 1),
  uint32: integer(0, 2 ** 32 - 1),
  uint64: z.int().min(0),
  bool: z.boolean(),
  string: z.string(),
} as const;

type Element<Type extends JsonTensorType> = z.output<(typeof elements)[Type]>;

/** A tensor in JSON: the length of each axis, and the values row by row. */
export interface JsonTensor<Value = number | boolean | string | null> {
  readonly shape: readonly number[];
  readonly data: readonly Value[];
}

/**
 * A tensor that a client sends as `{ "shape": [1, 4], "data": [5.1, 3.5, 1.4, 0.2] }`. The shape may be left out where every axis has a
 * fixed length. Only the first wrong value is reported.
 *
 * @param shape the length of each axis; a name or null where any length will do
 */
export function tensorInput<Type extends JsonTensorType>(
  type: Type,
  shape: readonly (number | string | null)[],
): z.ZodType<JsonTensor<Element<Type>>, { shape?: number[]; data: Element<Type>[] }> {
  const fixed = shape.filter((length) => typeof length === 'number');
  const isFixed = fixed.length === shape.length;
  const most = isFixed ? fixed.reduce((product, length) => product * length, 1) : maxValues;
  const lengths = z.array(z.int().min(0)).length(shape.length);
  const checked = z.strictObject({
    shape: isFixed ? lengths.default([...fixed]) : lengths,
    data: firstWrong(elements[type], most),
  });
  const described = checked
    .superRefine((tensor, context) => checkLengths(tensor as JsonTensor, { expected: shape, most }, context))
    .describe(`A tensor of ${type}[${shape.map((length) => length ?? '?').join(', ')}], row by row.`);
  return described as unknown as z.ZodType<JsonTensor<Element<Type>>, { shape?: number[]; data: Element<Type>[] }>;
}

/** A value of a tensor that a model returns: null stands for what JSON cannot hold. */
export type JsonOutputValue<Type extends JsonTensorType> = Type extends `float${string}`
  ? number | null
  : Element<Type>;

/** A tensor that a model returns, as `tensorInput` has it; null stands for NaN and infinity, which JSON cannot hold. */
export function tensorOutput<Type extends JsonTensorType>(
  type: Type,
): z.ZodType<{ shape: number[]; data: JsonOutputValue<Type>[] }> {
  const element = elements[type];
  const schema = z
    .object({
      shape: z.array(z.int().min(0)),
      data: z.array(type.startsWith('float') ? element.nullable() : element),
    })
    .describe(`A tensor of ${type}, row by row.`);
  return schema as unknown as z.ZodType<{
    shape: number[];
    data: JsonOutputValue<Type>[];
  }>;
}

/** Zod tells all wrong elements of an array: of a million it would make a million issues, which takes minutes. */
function firstWrong(element: z.ZodType, max: number): z.ZodType {
  const check = (value: unknown, context: z.RefinementCtx): unknown => {
    if (!Array.isArray(value)) return value;
    if (value.length > max)
      context.addIssue({ code: 'too_big', origin: 'array', maximum: max, inclusive: true, input: value });
    else {
      const at = value.findIndex((each) => !element.safeParse(each).success);
      const [issue] = at === -1 ? [] : (element.safeParse(value[at]).error?.issues ?? []);
      if (issue !== undefined)
        context.addIssue({ code: 'custom', path: [at], message: issue.message, input: value[at] });
    }
    return value;
  };
  return z.preprocess(check, z.array(element).max(max));
}

interface ExpectedLengths {
  readonly expected: readonly (number | string | null)[];
  /** Of values. */
  readonly most: number;
}

function checkLengths(tensor: JsonTensor, { expected, most }: ExpectedLengths, context: z.RefinementCtx): void {
  // Reported already.
  if (tensor.shape.length !== expected.length || tensor.data.length > most) return;
  const wrong = expected.findIndex((length, axis) => typeof length === 'number' && tensor.shape[axis] !== length);
  if (wrong !== -1) {
    const message = `Axis ${wrong} has a length of ${tensor.shape[wrong]}, expected ${expected[wrong]}`;
    context.addIssue({ code: 'custom', path: ['shape', wrong], message });
    return;
  }
  const product = tensor.shape.reduce((product, length) => product * length, 1);
  if (product === tensor.data.length) return;
  const message = `A shape of [${tensor.shape.join(', ')}] takes ${product} values, not ${tensor.data.length}`;
  context.addIssue({ code: 'custom', path: ['data'], message });
}
