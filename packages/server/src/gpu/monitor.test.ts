import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { GpuStatus } from '@portico/schemas';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeNvmlBuilds, noCompiler } from './testing/fake-nvml.ts';
import { recordingLogger } from './testing/recording-logger.ts';
import { type GpuMonitor, startGpuMonitor } from './gpu-monitor.ts';
import { startMonitorProcess } from './monitor-process.ts';

const monitorPath = fileURLToPath(new URL('../../dist/gpu/monitor.js', import.meta.url));
const parentPath = fileURLToPath(new URL('./testing/parent.mjs', import.meta.url));
const faultyPath = fileURLToPath(new URL('./testing/faulty-monitor.mjs', import.meta.url));
const interval = ['--interval-milliseconds', '50'];

const logger = recordingLogger();
const monitors: GpuMonitor[] = [];
const pids: (number | undefined)[] = [];
beforeEach(() => void logger.take());
afterEach(() => {
  for (const monitor of monitors.splice(0)) monitor.stop();
  pids.length = 0;
});

function monitorOf(library: string, maxSampleAgeMs?: number): GpuMonitor {
  const monitor = startGpuMonitor({
    logger,
    monitorPath,
    monitorArguments: ['--library', library, ...interval],
    initialRestartDelayMs: 20,
    ...(maxSampleAgeMs === undefined ? {} : { maxSampleAgeMs }),
    startProcess: (options) => {
      const child = startMonitorProcess(options);
      pids.push(child.pid);
      return child;
    },
  });
  monitors.push(monitor);
  return monitor;
}

const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 10_000, interval: 10 });

function alive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function reasonOf(monitor: GpuMonitor): Promise<string> {
  return vi.waitUntil(
    () => {
      const status = monitor.status();
      return !status.available && status.reason !== 'not sampled yet' && status.reason;
    },
    { timeout: 10_000, interval: 10 },
  );
}

test('a missing driver library is the reason, and the monitor exits without another being started', async () => {
  const monitor = monitorOf('libnvidia-ml-of-no-machine.so.1');
  expect(await reasonOf(monitor)).toBe('NVIDIA driver library libnvidia-ml-of-no-machine.so.1 not found');
  await until(() => !alive(pids[0]));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pids).toHaveLength(1);
  expect(logger.take()).toEqual([
    'info No GPU monitoring: NVIDIA driver library libnvidia-ml-of-no-machine.so.1 not found',
  ]);
});

test('a file that is no library says so', async () => {
  expect(await reasonOf(monitorOf(monitorPath))).toContain(`NVIDIA driver library ${monitorPath} cannot be loaded: `);
});

test('a monitor that exits at once is the reason', async () => {
  const monitor = startGpuMonitor({ logger, monitorPath: faultyPath, monitorArguments: ['leave'] });
  monitors.push(monitor);
  expect(await reasonOf(monitor)).toBe('the GPU monitor exited with code 3');
});

test('a line that is no message ends the process', async () => {
  const reason = await new Promise((resolve) => {
    startMonitorProcess({
      path: faultyPath,
      arguments: ['babble'],
      silenceTimeoutMs: 60_000,
      onMessage: () => {},
      onExit: resolve,
    });
  });
  expect(reason).toBe('the GPU monitor sent an invalid message');
});

describe('with a fake driver in C', { timeout: 20_000 }, () => {
  const fakes = new FakeNvmlBuilds();
  afterAll(() => fakes.remove());
  // The default reporter counts what is skipped, but does not say why.
  if (noCompiler !== undefined) process.stderr.write(`The tests with a fake GPU driver are skipped: ${noCompiler}\n`);
  beforeEach((context) => {
    if (noCompiler !== undefined) context.skip(noCompiler);
  });

  test('two GPUs are read through the real signatures and layouts', async () => {
    const monitor = monitorOf(fakes.build());
    await until(() => monitor.status().available);
    const status = GpuStatus.parse(monitor.status());
    expect(status).toEqual({
      available: true,
      sampledAt: expect.any(String),
      gpus: [
        {
          index: 0,
          name: 'NVIDIA H200',
          uuid: 'GPU-00000000-0000-0000-0000-000000000000',
          temperatureCelsius: 91,
          utilizationPercent: 97,
          memoryUsedBytes: 100_000_000_000,
          memoryTotalBytes: 150_754_820_096,
          powerWatts: 412.345,
        },
        {
          index: 1,
          name: 'NVIDIA L4',
          uuid: 'GPU-00000000-0000-0000-0000-000000000001',
          temperatureCelsius: 42,
          utilizationPercent: 96,
          memoryUsedBytes: 100_000_000_001,
          memoryTotalBytes: 150_754_820_096,
          powerWatts: null,
        },
      ],
    });
    expect(logger.take()).toEqual([
      'info NVIDIA driver 580.65.06, GPUs: NVIDIA H200, NVIDIA L4',
      'error GPU 0 CRITICAL: 91C',
    ]);
    await until(() => JSON.stringify(monitor.status()) !== JSON.stringify(status));
    expect(logger.take()).toEqual([]);
  });

  test('a GPU that fell off the bus is warned of and does not hide the other', async () => {
    const monitor = monitorOf(fakes.build({ LOST_GPU: 1, FIRST_TEMPERATURE: 82 }));
    await until(() => monitor.status().available);
    expect(monitor.status().gpus).toHaveLength(1);
    expect(logger.take()).toEqual([
      'info NVIDIA driver 580.65.06, GPUs: NVIDIA H200',
      'warn GPU 1: nvmlDeviceGetHandleByIndex_v2: GPU is lost',
      'warn GPU 0 HIGH: 82C',
    ]);
  });

  test('a driver that is not loaded is the reason, and the end of it', async () => {
    const monitor = monitorOf(fakes.build({ INIT_RESULT: 9 }));
    expect(await reasonOf(monitor)).toBe('nvmlInit_v2: Driver Not Loaded');
    await until(() => !alive(pids[0]));
    expect(pids).toHaveLength(1);
  });

  test('an initialization that fails otherwise is retried', async () => {
    const monitor = monitorOf(fakes.build({ INIT_RESULT: 999 }));
    expect(await reasonOf(monitor)).toBe('nvmlInit_v2: Unknown Error');
    await until(() => pids.length > 1);
  });

  test('a driver that hangs makes the GPUs unavailable, and its monitor is replaced', async () => {
    const monitor = monitorOf(fakes.build({ HANG_AT_READING: 3 }), 2000);
    await until(() => monitor.status().available);
    expect(await reasonOf(monitor)).toBe('no sample from the NVIDIA driver for 2 s');
    await until(() => monitor.status().available);
    expect(pids.length).toBeGreaterThan(1);
    expect(alive(pids[0])).toBe(false);
  });

  test('the monitor outlives signals meant for its group and exits with its parent, even inside a hanging call', async () => {
    const parent = spawn(process.execPath, [parentPath, 'stay', fakes.build({ HANG_AT_READING: 3 }), ...interval], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // The monitor shares the parent's standard error, so that this comes when both are gone, reaped or not.
    const bothGone = once(parent.stderr.resume(), 'close');
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const [pid] = (JSON.parse(line) as { pids: number[] }).pids;
    if (pid === undefined) throw new Error('the parent started no monitor');
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(alive(pid)).toBe(true);

    parent.kill('SIGKILL');
    const killedAt = performance.now();
    await bothGone;
    expect(performance.now() - killedAt).toBeLessThan(1000);
  });

  test('a stopped monitor leaves no process, no descriptor and a parent that exits by itself', async () => {
    const parent = spawn(process.execPath, [parentPath, 'stop', fakes.build(), ...interval], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(parent, 'close');
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const writtenAt = performance.now();
    const { pids, before, after } = JSON.parse(line) as { pids: number[]; before: number; after: number };
    expect(await closed).toEqual([0, null]);
    expect(performance.now() - writtenAt).toBeLessThan(1000);
    expect(pids).toHaveLength(6);
    await until(() => !pids.some(alive));
    expect(after).toBe(before);
  });
});
