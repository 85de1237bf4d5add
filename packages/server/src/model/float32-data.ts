import type { Tensor } from './tensor.ts';

/** The values of an output that the session's signature declares as float32. */
export function float32Data(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new TypeError(`Output "${name}" is not a float32 tensor on the CPU.`);
  return data;
}
