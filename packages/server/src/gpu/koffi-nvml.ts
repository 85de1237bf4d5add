import { promisify } from 'node:util';
import koffi, { type LibraryHandle } from 'koffi';
import { loadDriverLibrary } from './load-driver-library.ts';
import { NvmlError, NvmlReturn } from './nvml-error.ts';
import type { NvmlDevice, NvmlLibrary, NvmlMemory, NvmlUtilization } from './nvml-library.ts';

// NVML API reference: "Device Structs" and "Device Enums".
koffi.alias('nvmlReturn_t', 'int');
koffi.alias('nvmlTemperatureSensors_t', 'int');
koffi.pointer('nvmlDevice_t', koffi.opaque());
koffi.struct('nvmlUtilization_t', { gpu: 'unsigned int', memory: 'unsigned int' });
koffi.struct('nvmlMemory_t', { total: 'unsigned long long', free: 'unsigned long long', used: 'unsigned long long' });

const TEMPERATURE_OF_THE_DIE = 0;
/** NVML_DEVICE_NAME_V2_BUFFER_SIZE and NVML_DEVICE_UUID_V2_BUFFER_SIZE; the driver version needs 80. */
const TEXT_BYTES = 96;

// An asynchronous call runs on a stack of koffi's own, of 128 KiB by default. A driver may count on what
// any thread of its platform has; memory that is not touched costs nothing.
koffi.config({ async_stack_size: 8 * 1024 * 1024 });

type Call = (...parameters: unknown[]) => Promise<void>;

/**
 * Loads NVML. Every call but the text of an error runs on a thread of koffi's own, so that a driver
 * that does not answer leaves the event loop free to see the parent die.
 */
export function openNvml(path: string): NvmlLibrary {
  const library = loadDriverLibrary(path);
  const describe = errorText(library);
  const declare = (name: string, parameters: string): Call => {
    const call = declareCall(library, name, parameters);
    return async (...values) => {
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
    temperature: () => readValue<number>((cell) => temperature(device, TEMPERATURE_OF_THE_DIE, cell)),
    utilization: () => readStruct<NvmlUtilization>((struct) => utilization(device, struct)),
    memory: () => readStruct<NvmlMemory>((struct) => memory(device, struct)),
    powerUsage: () => readValue<number>((cell) => power(device, cell)),
  });
  return {
    init: () => init(),
    driverVersion: () => readText((buffer) => driverVersion(buffer, buffer.length)),
    deviceCount: () => readValue<number>((cell) => count(cell)),
    device: async (index) => wrap(await readValue<unknown>((cell) => handle(index, cell))),
  };
}

type NativeCall = (...values: unknown[]) => Promise<number>;

/** A function this driver does not have answers like one that NVML itself misses. */
function declareCall(library: LibraryHandle, name: string, parameters: string): NativeCall {
  try {
    return promisify(library.func(`nvmlReturn_t ${name}(${parameters})`).async) as NativeCall;
  } catch {
    return () => Promise.resolve(NvmlReturn.functionNotFound);
  }
}

function errorText(library: LibraryHandle): (code: number) => string {
  try {
    const describe = library.func('const char *nvmlErrorString(nvmlReturn_t result)');
    return (code) => String(describe(code));
  } catch {
    return (code) => `error ${code}`;
  }
}

async function readText(call: (buffer: Buffer) => Promise<void>): Promise<string> {
  const buffer = Buffer.alloc(TEXT_BYTES);
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
