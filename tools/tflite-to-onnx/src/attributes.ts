import { bytes, integer, join } from '../../../apps/server/test/onnx/protobuf.ts';

export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** The attributes of a node, all whole numbers, texts or lists of numbers. Numbers of fields as in onnx.proto. */
export const attributesOf = (attributes: Attributes): Uint8Array[] =>
  Object.entries(attributes).map(([name, value]) => join([bytes(1, name), ...contentOf(value)]));

function contentOf(value: Attributes[string]): Uint8Array[] {
  if (typeof value === 'number') return [integer(3, value), integer(20, 2)];
  if (typeof value === 'string') return [bytes(4, value), integer(20, 3)];
  return [...value.map((number) => integer(8, number)), integer(20, 7)];
}
