import { promisify } from 'node:util';
import type { Gpu } from '@portico/schemas';
import type koffi from 'koffi';

// NVML, the NVIDIA driver's library for monitoring: how it is called, how it fails, and how GPUs are read from it.
// Names, signatures and numbers are those of the NVML API reference.

type Koffi = typeof koffi;
type Library = ReturnType<Koffi['load']>;

const sensorOfTheDie = 0;
/** NVML_DEVICE_NAME_V2_BUFFER_SIZE and NVML_DEVICE_UUID_V2_BUFFER_SIZE; the driver version needs 80. */
const textBytes = 96;
/**
 * An asynchronous call runs on a stack of koffi's own, 128 KiB by default. A driver may rely on what any thread of its platform has;
 * memory that is not touched costs nothing.
 */
const stackBytes = 8 * 1024 * 1024;

/** The `nvmlReturn_t` values that are distinguished. */
export const NvmlReturn = {
  success: 0,
  notSupported: 3,
  driverNotLoaded: 9,
  functionNotFound: 13,
} as const;

/** An NVML call that did not return `NVML_SUCCESS`. */
export class NvmlError extends Error {
  override readonly name = 'NvmlError';
  readonly code: number;

  constructor(call: string, code: number, description: string) {
    super(`${call}: ${description}`);
    this.code = code;
  }
}

/** There is no NVML on this machine, and another attempt will not find one. */
class NoDriverError extends Error {
  override readonly name = 'NoDriverError';
}

/** Whether it makes no sense to try again: there is no driver, or it is not loaded. */
export const isPermanent = (error: unknown): boolean =>
  error instanceof NoDriverError || (error instanceof NvmlError && error.code === NvmlReturn.driverNotLoaded);

/** A call may never return on a sick driver; it rejects with `NvmlError`. */
export interface NvmlLibrary {
  init(): Promise<void>;
  driverVersion(): Promise<string>;
  deviceCount(): Promise<number>;
  /** `index` is below `deviceCount`. */
  device(index: number): Promise<NvmlDevice>;
}

export interface NvmlDevice {
  name(): Promise<string>;
  uuid(): Promise<string>;
  /** Degrees Celsius of the die. */
  temperature(): Promise<number>;
  /** Percent of the last sample period in which a kernel ran, or memory was read or written. */
  utilization(): Promise<{ readonly gpu: number; readonly memory: number }>;
  /** Bytes. */
  memory(): Promise<{ readonly total: number; readonly free: number; readonly used: number }>;
  /** Milliwatts. */
  powerUsage(): Promise<number>;
}

/**
 * Loads NVML. Every call but the text of an error runs on a thread of koffi's own, so that a driver that hangs leaves the event
 * loop free to notice that the parent has exited.
 * @throws {NoDriverError}
 */
export async function openNvml(path: string): Promise<NvmlLibrary> {
  const binding = await importBinding();
  declareTypes(binding);
  const library = loadLibrary(binding, path);
  const describe = errorText(library);
  const declare = (name: string, parameters: string) => {
    const call = nativeCall(library, name, parameters);
    return async (...values: unknown[]): Promise<void> => {
      const code = await call(...values);
      if (code !== NvmlReturn.success) throw new NvmlError(name, code, describe(code));
    };
  };

  const init = declare('nvmlInit_v2', 'void');
  const driverVersion = declare('nvmlSystemGetDriverVersion', '_Out_ uint8_t *version, unsigned int length');
  const count = declare('nvmlDeviceGetCount_v2', '_Out_ unsigned int *deviceCount');
  const handle = declare('nvmlDeviceGetHandleByIndex_v2', 'unsigned int index, _Out_ nvmlDevice_t *device');
  const name = declare('nvmlDeviceGetName', 'nvmlDevice_t device, _Out_ uint8_t *name, unsigned int length');
  const uuid = declare('nvmlDeviceGetUUID', 'nvmlDevice_t device, _Out_ uint8_t *uuid, unsigned int length');
  const temperature = declare(
    'nvmlDeviceGetTemperature',
    'nvmlDevice_t device, nvmlTemperatureSensors_t sensorType, _Out_ unsigned int *temp',
  );
  const utilization = declare(
    'nvmlDeviceGetUtilizationRates',
    'nvmlDevice_t device, _Out_ nvmlUtilization_t *utilization',
  );
  const memory = declare('nvmlDeviceGetMemoryInfo', 'nvmlDevice_t device, _Out_ nvmlMemory_t *memory');
  const power = declare('nvmlDeviceGetPowerUsage', 'nvmlDevice_t device, _Out_ unsigned int *power');

  const wrap = (device: unknown): NvmlDevice => ({
    name: () => readText((buffer) => name(device, buffer, buffer.length)),
    uuid: () => readText((buffer) => uuid(device, buffer, buffer.length)),
    temperature: () => readValue((cell) => temperature(device, sensorOfTheDie, cell)),
    utilization: () => readStruct((struct) => utilization(device, struct)),
    memory: () => readStruct((struct) => memory(device, struct)),
    powerUsage: () => readValue((cell) => power(device, cell)),
  });
  return {
    init: () => init(),
    driverVersion: () => readText((buffer) => driverVersion(buffer, buffer.length)),
    deviceCount: () => readValue((cell) => count(cell)),
    device: async (index) => wrap(await readValue((cell) => handle(index, cell))),
  };
}

/** koffi has no binary for some platforms and says so when it is imported. */
async function importBinding(): Promise<Koffi> {
  try {
    return (await import('koffi')).default;
  } catch (cause) {
    throw new NoDriverError('NVIDIA drivers cannot be monitored on this platform', { cause });
  }
}

function declareTypes(binding: Koffi): void {
  binding.config({ async_stack_size: stackBytes });
  binding.alias('nvmlReturn_t', 'int');
  binding.alias('nvmlTemperatureSensors_t', 'int');
  binding.pointer('nvmlDevice_t', binding.opaque());
  binding.struct('nvmlUtilization_t', { gpu: 'unsigned int', memory: 'unsigned int' });
  binding.struct('nvmlMemory_t', {
    total: 'unsigned long long',
    free: 'unsigned long long',
    used: 'unsigned long long',
  });
}

/**
 * How glibc, musl, macOS and Windows say through koffi that the file itself does not exist. If only a library that it depends on
 * is missing, they name that, and the message should, too.
 */
const fileNotFound =
  /library: (cannot open shared object file: |Error loading shared library \S+: )No such file or directory$|\(no such file\)|module could not be found/i;

function loadLibrary(binding: Koffi, path: string): Library {
  try {
    return binding.load(path);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const reason = fileNotFound.test(detail) ? 'not found' : `cannot be loaded: ${detail}`;
    throw new NoDriverError(`NVIDIA driver library ${path} ${reason}`, { cause });
  }
}

/** A function that this driver lacks fails like one that NVML itself does not find. */
function nativeCall(library: Library, name: string, parameters: string): (...values: unknown[]) => Promise<number> {
  try {
    return promisify(library.func(`nvmlReturn_t ${name}(${parameters})`).async) as () => Promise<number>;
  } catch {
    return () => Promise.resolve(NvmlReturn.functionNotFound);
  }
}

function errorText(library: Library): (code: number) => string {
  try {
    const describe = library.func('const char *nvmlErrorString(nvmlReturn_t result)');
    return (code) => String(describe(code));
  } catch {
    return (code) => `error ${code}`;
  }
}

async function readText(call: (buffer: Buffer) => Promise<void>): Promise<string> {
  const buffer = Buffer.alloc(textBytes);
  await call(buffer);
  return buffer.toString('utf8', 0, buffer.indexOf(0));
}

async function readValue<T>(call: (cell: [T | null]) => Promise<void>): Promise<T> {
  const cell: [T | null] = [null];
  await call(cell);
  return cell[0] as T;
}

async function readStruct<T>(call: (struct: object) => Promise<void>): Promise<T> {
  const struct = {};
  await call(struct);
  return struct as T;
}

/** One reading of every GPU. */
export interface GpuReading {
  readonly gpus: Gpu[];
  /** What could not be read although the device claims to support it. */
  readonly problems: string[];
}

/** Reads all GPUs. One that is lost does not hide the others; it rejects only if none can be read. */
export async function readGpus(library: NvmlLibrary): Promise<GpuReading> {
  const count = await library.deviceCount();
  const gpus: Gpu[] = [];
  const problems: string[] = [];
  for (let index = 0; index < count; index++) {
    const onError = (error: NvmlError) => problems.push(`GPU ${index}: ${error.message}`);
    const device = await nullOnError(() => library.device(index), onError);
    if (device !== null) gpus.push(await readGpu(index, device, onError));
  }
  if (count > 0 && gpus.length === 0) throw new Error(problems.join('; '));
  return { gpus, problems };
}

async function readGpu(index: number, device: NvmlDevice, onError: (error: NvmlError) => void): Promise<Gpu> {
  const read = <T>(call: () => Promise<T>) => nullOnError(call, onError);
  const name = await read(() => device.name());
  const uuid = await read(() => device.uuid());
  const temperatureCelsius = await read(() => device.temperature());
  const utilization = await read(() => device.utilization());
  const memory = await read(() => device.memory());
  const milliwatts = await read(() => device.powerUsage());
  return {
    index,
    name: name ?? 'NVIDIA GPU',
    uuid,
    temperatureCelsius,
    utilizationPercent: utilization?.gpu ?? null,
    memoryUsedBytes: memory?.used ?? null,
    memoryTotalBytes: memory?.total ?? null,
    powerWatts: milliwatts === null ? null : milliwatts / 1000,
  };
}

async function nullOnError<T>(call: () => Promise<T>, onError: (error: NvmlError) => void): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof NvmlError)) throw error;
    if (error.code !== NvmlReturn.notSupported) onError(error);
    return null;
  }
}
