/** NVML as the monitor uses it. Every call may take forever on a sick driver, and rejects with `NvmlError`. */
export interface NvmlLibrary {
  init(): Promise<void>;
  driverVersion(): Promise<string>;
  deviceCount(): Promise<number>;
  /** `index` counts from 0 to below `deviceCount`. */
  device(index: number): Promise<NvmlDevice>;
}

/** One GPU as NVML hands it out. */
export interface NvmlDevice {
  name(): Promise<string>;
  uuid(): Promise<string>;
  /** Degrees Celsius of the die. */
  temperature(): Promise<number>;
  utilization(): Promise<NvmlUtilization>;
  memory(): Promise<NvmlMemory>;
  /** Milliwatts. */
  powerUsage(): Promise<number>;
}

/** Percent of the last sample period in which a kernel ran, or memory was read or written. */
export interface NvmlUtilization {
  readonly gpu: number;
  readonly memory: number;
}

/** Bytes. */
export interface NvmlMemory {
  readonly total: number;
  readonly free: number;
  readonly used: number;
}
