import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gpuAt, recordingLogger } from './testing/recording-logger.ts';
import { createTemperatureLog, startGpuMonitor } from './gpu-monitor.ts';
import type { MonitorProcessOptions, MonitorSample } from './monitor-process.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sample: MonitorSample = {
  kind: 'sample',
  sampledAt: '2026-01-02T03:04:05.000Z',
  driverVersion: '580.65.06',
  gpus: [gpuAt(61)],
  problems: [],
};

/** A monitor whose processes are this test's to play; `processes` holds every one that was started. */
function monitored() {
  const processes: MonitorProcessOptions[] = [];
  const kill = vi.fn<() => void>();
  const logger = recordingLogger();
  const monitor = startGpuMonitor({
    logger,
    startProcess: (options) => {
      processes.push(options);
      return { pid: 1, kill };
    },
  });
  const current = () => {
    const process = processes.at(-1);
    if (process === undefined) throw new Error('no process was started');
    return process;
  };
  return { monitor, processes, current, logger, kill };
}

test('nothing is known before the first sample', () => {
  const { monitor, logger } = monitored();
  expect(monitor.status()).toEqual({ available: false, reason: 'not sampled yet', gpus: [] });
  expect(logger.take()).toEqual([]);
});

test('the last sample is the status, and its arrival is logged once', () => {
  const { monitor, current, logger } = monitored();
  current().onMessage(sample);
  current().onMessage({ ...sample, sampledAt: '2026-01-02T03:04:20.000Z' });
  expect(monitor.status()).toEqual({
    available: true,
    sampledAt: '2026-01-02T03:04:20.000Z',
    gpus: sample.gpus,
  });
  expect(logger.take()).toEqual(['info NVIDIA driver 580.65.06, GPUs: NVIDIA H200']);
});

test('a sample is valid for 60 seconds and a new one brings the GPUs back', () => {
  const { monitor, current, logger } = monitored();
  current().onMessage(sample);
  vi.advanceTimersByTime(45_000);
  current().onMessage(sample);
  vi.advanceTimersByTime(59_999);
  expect(monitor.status().available).toBe(true);
  logger.take();

  vi.advanceTimersByTime(1);
  const reason = 'no sample from the NVIDIA driver for 60 s';
  expect(monitor.status()).toEqual({ available: false, reason, gpus: [] });
  expect(logger.take()).toEqual([`warn GPU monitoring interrupted: ${reason}`]);

  current().onMessage(sample);
  expect(monitor.status().available).toBe(true);
  expect(logger.take()).toEqual(['info NVIDIA driver 580.65.06, GPUs: NVIDIA H200']);
  vi.advanceTimersByTime(60_000);
  expect(monitor.status().available).toBe(false);
});

test('a driver that never answers is reported after 60 seconds', () => {
  const { monitor } = monitored();
  vi.advanceTimersByTime(60_000);
  expect(monitor.status()).toMatchObject({ reason: 'no sample from the NVIDIA driver for 60 s' });
});

test('a crash of the monitor is repaired while the last sample is valid', () => {
  const { monitor, processes, current, logger } = monitored();
  current().onMessage(sample);
  logger.take();
  current().onExit('the GPU monitor was killed by SIGSEGV');
  expect(monitor.status().available).toBe(true);
  expect(logger.take()).toEqual(['warn GPU monitoring interrupted: the GPU monitor was killed by SIGSEGV']);
  vi.advanceTimersByTime(1000);
  expect(processes).toHaveLength(2);
});

test('a monitor that keeps crashing is replaced ever less often and logged once', () => {
  const { monitor, processes, current, logger } = monitored();
  const pauses: number[] = [];
  for (let crash = 0; crash < 11; crash++) {
    const started = processes.length;
    const at = Date.now();
    current().onExit('the GPU monitor exited with code 1');
    while (processes.length === started) vi.advanceTimersByTime(500);
    pauses.push((Date.now() - at) / 1000);
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  expect(monitor.status()).toMatchObject({ available: false, reason: 'the GPU monitor exited with code 1' });
  expect(logger.take()).toEqual([
    'warn GPU monitoring interrupted: the GPU monitor exited with code 1',
    'warn GPU monitoring interrupted: no sample from the NVIDIA driver for 60 s',
    'warn GPU monitoring interrupted: the GPU monitor exited with code 1',
  ]);
});

test('a monitor that ran well for long is replaced at once again', () => {
  const { processes, current } = monitored();
  for (const pause of [1000, 2000, 4000]) {
    current().onExit('the GPU monitor exited with code 1');
    vi.advanceTimersByTime(pause);
  }
  for (let minute = 0; minute < 5; minute++) {
    vi.advanceTimersByTime(60_000);
    current().onMessage(sample);
  }
  current().onExit('the GPU monitor exited with code 1');
  vi.advanceTimersByTime(1000);
  expect(processes).toHaveLength(5);
});

test('without an NVIDIA driver the reason stays and no other process is started', () => {
  const { monitor, processes, current, logger } = monitored();
  const reason = 'NVIDIA driver library libnvidia-ml.so.1 not found';
  current().onMessage({ kind: 'unavailable', reason, permanent: true });
  current().onExit('the GPU monitor exited with code 0');
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(monitor.status()).toEqual({ available: false, reason, gpus: [] });
  expect(processes).toHaveLength(1);
  expect(logger.take()).toEqual([`info No GPU monitoring: ${reason}`]);
});

test('a driver that fails is reported in its own words and sampled again', () => {
  const { monitor, processes, current } = monitored();
  current().onMessage(sample);
  current().onMessage({ kind: 'unavailable', reason: 'GPU 0: GPU is lost', permanent: false });
  current().onExit('the GPU monitor exited with code 0');
  expect(monitor.status()).toMatchObject({ available: false, reason: 'GPU 0: GPU is lost' });
  vi.advanceTimersByTime(1000);
  expect(processes).toHaveLength(2);
  expect(monitor.status()).toMatchObject({ reason: 'GPU 0: GPU is lost' });
});

test('a driver without GPUs is unavailable and is sampled again', () => {
  const { monitor, current } = monitored();
  current().onMessage({ ...sample, gpus: [] });
  expect(monitor.status()).toEqual({ available: false, reason: 'the NVIDIA driver reports no GPU', gpus: [] });
  current().onMessage(sample);
  expect(monitor.status().available).toBe(true);
});

test('a problem of one GPU is warned of once', () => {
  const { current, logger } = monitored();
  const problems = ['GPU 1: nvmlDeviceGetHandleByIndex_v2: GPU is lost'];
  current().onMessage({ ...sample, problems });
  current().onMessage({ ...sample, problems });
  expect(logger.take()).toEqual([
    'info NVIDIA driver 580.65.06, GPUs: NVIDIA H200',
    'warn GPU 1: nvmlDeviceGetHandleByIndex_v2: GPU is lost',
  ]);
});

test('temperatures of the samples are watched', () => {
  const { current, logger } = monitored();
  current().onMessage({ ...sample, gpus: [gpuAt(91)] });
  expect(logger.take()).toContain('error GPU 0 CRITICAL: 91C');
});

test('a process that the operating system refuses does not throw into the gateway', () => {
  const refused = vi.fn<() => never>(() => {
    throw new Error('spawn ENOMEM');
  });
  const monitor = startGpuMonitor({ logger: pino({ enabled: false }), startProcess: refused });
  expect(monitor.status()).toMatchObject({ reason: 'the GPU monitor cannot be started: spawn ENOMEM' });
  vi.advanceTimersByTime(3000);
  expect(refused).toHaveBeenCalledTimes(3);
});

test('after stop nothing is started and no timer is left', () => {
  const { monitor, processes, current, kill } = monitored();
  current().onMessage(sample);
  monitor.stop();
  current().onExit('the GPU monitor was killed by SIGKILL');
  expect(kill).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
  expect(processes).toHaveLength(1);
});

test('stop during the pause before a replacement cancels it', () => {
  const { monitor, processes, current } = monitored();
  current().onExit('the GPU monitor exited with code 1');
  monitor.stop();
  vi.advanceTimersByTime(3_600_000);
  expect(processes).toHaveLength(1);
});

describe('The temperature log', () => {
  function follow(temperatures: readonly (number | null)[]): string[] {
    const logger = recordingLogger();
    const log = createTemperatureLog(logger);
    for (const temperature of temperatures) log([gpuAt(temperature)]);
    return logger.take();
  }

  test('over 85 is critical and an error', () => {
    expect(follow([91])).toEqual(['error GPU 0 CRITICAL: 91C']);
  });

  test('over 80 is high and a warning', () => {
    expect(follow([82])).toEqual(['warn GPU 0 HIGH: 82C']);
  });

  test('a threshold itself is not over it', () => {
    expect(follow([80])).toEqual([]);
    expect(follow([85])).toEqual(['warn GPU 0 HIGH: 85C']);
  });

  test('a level is logged once however long it lasts', () => {
    expect(follow([91, 92, 99, 86])).toEqual(['error GPU 0 CRITICAL: 91C']);
  });

  test('every change of level is logged, the return to normal as information', () => {
    expect(follow([70, 82, 91, 84, 80, 79])).toEqual([
      'warn GPU 0 HIGH: 82C',
      'error GPU 0 CRITICAL: 91C',
      'warn GPU 0 HIGH: 84C',
      'info GPU 0 back to normal: 80C',
    ]);
  });

  test('a missing temperature changes nothing', () => {
    expect(follow([null, 91, null, 92])).toEqual(['error GPU 0 CRITICAL: 91C']);
  });

  test('each GPU has its own level', () => {
    const logger = recordingLogger();
    const log = createTemperatureLog(logger);
    log([gpuAt(91, 0), gpuAt(40, 1)]);
    log([gpuAt(91, 0), gpuAt(82, 1)]);
    expect(logger.take()).toEqual(['error GPU 0 CRITICAL: 91C', 'warn GPU 1 HIGH: 82C']);
  });
});
