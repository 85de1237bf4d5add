/** By their numbers in `TensorType` of the schema. */
const elementTypes = ['float32', 'float16', 'int32'] as const;
export type ElementType = (typeof elementTypes)[number];

/** @throws for the types of quantised networks, which are not converted. */
export function elementTypeOf(code: number): ElementType {
  const type = elementTypes[code];
  if (type === undefined) throw new Error(`Tensors of type ${code} are not converted: only float32, float16, int32.`);
  return type;
}
