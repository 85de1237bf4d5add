import type { Gpu } from '@portico/schemas';
import { NvmlError, NvmlReturn } from './nvml-error.ts';
import type { NvmlDevice, NvmlLibrary } from './nvml-library.ts';

/** One reading of every GPU. */
export interface GpuReading {
  readonly gpus: Gpu[];
  /** What could not be read, though the device claims to support it. */
  readonly problems: string[];
}

/** Reads all GPUs. One that is lost does not hide the others; it rejects only when none can be read. */
export async function readGpus(library: NvmlLibrary): Promise<GpuReading> {
  const count = await library.deviceCount();
  const gpus: Gpu[] = [];
  const problems: string[] = [];
  for (let index = 0; index < count; index++) {
    const report = (error: NvmlError) => problems.push(`GPU ${index}: ${error.message}`);
    const device = await attempt(() => library.device(index), report);
    if (device !== null) gpus.push(await readGpu(index, device, report));
  }
  if (count > 0 && gpus.length === 0) throw new Error(problems.join('; '));
  return { gpus, problems };
}

async function readGpu(index: number, device: NvmlDevice, report: (error: NvmlError) => void): Promise<Gpu> {
  const field = <T>(call: () => Promise<T>) => attempt(call, report);
  const name = await field(() => device.name());
  const uuid = await field(() => device.uuid());
  const temperatureCelsius = await field(() => device.temperature());
  const utilization = await field(() => device.utilization());
  const memory = await field(() => device.memory());
  const milliwatts = await field(() => device.powerUsage());
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

async function attempt<T>(call: () => Promise<T>, report: (error: NvmlError) => void): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof NvmlError)) throw error;
    if (error.code !== NvmlReturn.notSupported) report(error);
    return null;
  }
}
