import { GpuStatus } from '@portico/schemas';
import { expect, test } from 'vitest';
import { type NvmlDevice, NvmlError, type NvmlLibrary, NvmlReturn, readGpus } from './nvml.ts';

const refuse = (call: string, code: number) => () => Promise.reject(new NvmlError(call, code, `error ${code}`));
const notSupported = refuse('nvml', NvmlReturn.notSupported);
const lost = refuse('nvmlDeviceGetHandleByIndex_v2', 15);

const h200: NvmlDevice = {
  name: async () => 'NVIDIA H200',
  uuid: async () => 'GPU-1',
  temperature: async () => 61,
  utilization: async () => ({ gpu: 80, memory: 20 }),
  memory: async () => ({ total: 150_000_000_000, free: 50_000_000_000, used: 100_000_000_000 }),
  powerUsage: async () => 412_345,
};

const driver = (...devices: (NvmlDevice | (() => Promise<never>))[]): NvmlLibrary => ({
  init: async () => {},
  driverVersion: async () => '580.65.06',
  deviceCount: async () => devices.length,
  device: async (index) => {
    const device = devices[index];
    if (device === undefined) throw new RangeError(`no device ${index}`);
    return typeof device === 'function' ? device() : device;
  },
});

test('a GPU is read with its power in watts', async () => {
  expect(await readGpus(driver(h200))).toEqual({
    gpus: [
      {
        index: 0,
        name: 'NVIDIA H200',
        uuid: 'GPU-1',
        temperatureCelsius: 61,
        utilizationPercent: 80,
        memoryUsedBytes: 100_000_000_000,
        memoryTotalBytes: 150_000_000_000,
        powerWatts: 412.345,
      },
    ],
    problems: [],
  });
});

test('what a device does not support is null and no problem', async () => {
  const bare: NvmlDevice = {
    ...h200,
    uuid: notSupported,
    temperature: notSupported,
    utilization: notSupported,
    memory: notSupported,
    powerUsage: notSupported,
  };
  const { gpus, problems } = await readGpus(driver(bare));
  expect(gpus).toEqual([
    {
      index: 0,
      name: 'NVIDIA H200',
      uuid: null,
      temperatureCelsius: null,
      utilizationPercent: null,
      memoryUsedBytes: null,
      memoryTotalBytes: null,
      powerWatts: null,
    },
  ]);
  expect(problems).toEqual([]);
  expect(GpuStatus.safeParse({ available: true, sampledAt: '2026-01-02T03:04:05Z', gpus }).success).toBe(true);
});

test('a reading that fails for another reason is null and reported', async () => {
  const { gpus, problems } = await readGpus(driver({ ...h200, powerUsage: refuse('nvmlDeviceGetPowerUsage', 999) }));
  expect(gpus[0]).toMatchObject({ temperatureCelsius: 61, powerWatts: null });
  expect(problems).toEqual(['GPU 0: nvmlDeviceGetPowerUsage: error 999']);
});

test('a lost GPU does not hide the others, which keep their numbers', async () => {
  const { gpus, problems } = await readGpus(driver(lost, h200));
  expect(gpus.map(({ index }) => index)).toEqual([1]);
  expect(problems).toEqual(['GPU 0: nvmlDeviceGetHandleByIndex_v2: error 15']);
});

test('a reading rejects when every GPU is lost', async () => {
  await expect(readGpus(driver(lost, lost))).rejects.toThrow(
    'GPU 0: nvmlDeviceGetHandleByIndex_v2: error 15; GPU 1: nvmlDeviceGetHandleByIndex_v2: error 15',
  );
});

test('a driver without GPUs is read as none', async () => {
  expect(await readGpus(driver())).toEqual({ gpus: [], problems: [] });
});

test('an error that is not the driver’s is not swallowed', async () => {
  const broken = { ...h200, memory: () => Promise.reject(new TypeError('a bug')) };
  await expect(readGpus(driver(broken))).rejects.toThrow(TypeError);
});
