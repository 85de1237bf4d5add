import { Failure } from '@portico/schemas';

/** What the libraries throw over data that no encoder wrote: writes past a buffer's end, and traps of their machine code. */
export function failureOfDecoder(error: unknown): unknown {
  const isOverrun = error instanceof RangeError && error.message === 'offset is out of bounds';
  if (!isOverrun && !(error instanceof WebAssembly.RuntimeError)) return error;
  return new Failure('BAD_INPUT', 'The recording is damaged.', { cause: error });
}
