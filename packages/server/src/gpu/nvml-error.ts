/** The `nvmlReturn_t` values the monitor tells apart. Source: NVML API reference, "Device Enums". */
export const NvmlReturn = {
  success: 0,
  notSupported: 3,
  driverNotLoaded: 9,
  functionNotFound: 13,
} as const;

/** An NVML call that did not answer `NVML_SUCCESS`. */
export class NvmlError extends Error {
  override readonly name = 'NvmlError';
  readonly code: number;

  constructor(call: string, code: number, description: string) {
    super(`${call}: ${description}`);
    this.code = code;
  }
}

/** NVML cannot be reached at all on this machine, and asking again will not help. */
export class NoDriverError extends Error {
  override readonly name = 'NoDriverError';
}
