import { Failure } from '@portico/schemas';

/** ONNX Runtime, CUDA and V8 have no error codes for it, only words. */
const outOfMemory = /out of memory|failed to allocate memory|bad_alloc|bad allocation|array buffer allocation failed/i;

/** What an unexpected error inside a model amounts to. Its message stays in the log. */
export function failureOf(error: Error): Failure {
  if (outOfMemory.test(error.message))
    return new Failure('OUT_OF_MEMORY', 'There is not enough memory for this input at the moment.');
  return new Failure('INTERNAL', 'The model failed on this input.');
}
