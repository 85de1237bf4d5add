/*
 * ONNX Runtime, the libraries of GPUs and V8 have no error codes in JavaScript, only words. device-errors.test.ts holds recorded ones and
 * where they are from.
 */

/**
 * There was not enough memory, on the CPU or on the GPU. What the run had allocated has been freed, and the session can go on: the
 * next input may be smaller, or another process may have left.
 */
const outOfMemory =
  /out of memory|failed to allocate|smaller than requested bytes|ALLOC(ATION)?_FAILED|not enough memory|8007000E|bad_alloc|bad allocation|allocation failed/i;

/**
 * After these errors of CUDA's runtime every further call in the process fails: an address that is not the process's (700), a run that
 * the driver ended (702), a context that is gone (709), an assertion (710), a fault of a kernel or of the memory (214, 714 to 719), a
 * device that went away (46) and what the driver itself does not know (999). DirectML and WebGPU say that the device is lost.
 */
const deviceLost =
  /CUDA failure (46|214|700|702|709|71[04-9]|999)\b|illegal memory access|unspecified launch failure|887A000[567]|device (is |was )?(lost|removed)/i;

/** Something of the device failed, whatever the input was. */
const deviceFailure = /(cuda|cudnn|cublas|cufft|curand) (failure|error)/i;

export const isOutOfMemory = (error: Error): boolean =>
  isNative(error) && outOfMemory.test(error.message) && !deviceLost.test(error.message);

/** No session of this process works any more. */
export const isDeviceLost = (error: Error): boolean => isNative(error) && deviceLost.test(error.message);

/** The fault is the machine's: nothing that a client could change. */
export const isMachineFault = (error: Error): boolean =>
  isOutOfMemory(error) || isDeviceLost(error) || (isNative(error) && deviceFailure.test(error.message));

/**
 * Libraries throw nothing but an `Error`, and V8 a `RangeError` where it cannot allocate. Others, such as failures and what `JSON.parse`
 * throws, may quote what a client has sent.
 */
const isNative = ({ name }: Error): boolean => name === 'Error' || name === 'RangeError';
