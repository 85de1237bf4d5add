import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { openNvml } from './koffi-nvml.ts';
import type { MonitorMessage } from './monitor-message.ts';
import { NoDriverError, NvmlError, NvmlReturn } from './nvml-error.ts';
import { readGpus } from './read-gpus.ts';

process.title = 'portico-gpu-monitor';

const { values } = parseArgs({
  options: {
    library: { type: 'string', default: process.platform === 'win32' ? 'nvml.dll' : 'libnvidia-ml.so.1' },
    'interval-milliseconds': { type: 'string', default: '15000' },
  },
});

/** A thread that hangs in the driver would hold up an orderly exit. */
const die = () => process.kill(process.pid, 'SIGKILL');

// The parent never writes; its end of the pipe closes when it goes, however it goes.
process.stdin.once('end', die).once('error', die).resume();
process.stdout.once('error', die);
// A signal meant for the whole process group is the parent's to act on: it may still be draining.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

await monitor(values.library, Number(values['interval-milliseconds'])).catch((error: unknown) =>
  send({
    kind: 'unavailable',
    reason: error instanceof Error ? error.message : String(error),
    permanent:
      error instanceof NoDriverError || (error instanceof NvmlError && error.code === NvmlReturn.driverNotLoaded),
  }),
);
process.exit();

/** Samples for ever; rejects when the driver cannot be used. */
async function monitor(path: string, intervalMs: number): Promise<never> {
  const library = (await importBinding())(path);
  await library.init();
  const driverVersion = await library.driverVersion();
  for (;;) {
    const { gpus, problems } = await readGpus(library);
    await send({ kind: 'sample', sampledAt: new Date().toISOString(), driverVersion, gpus, problems });
    await sleep(intervalMs);
  }
}

/** koffi has no binary for some platforms, and says so when it is imported. */
async function importBinding(): Promise<typeof openNvml> {
  try {
    return (await import('./koffi-nvml.ts')).openNvml;
  } catch (cause) {
    throw new NoDriverError('NVIDIA drivers cannot be asked on this platform', { cause });
  }
}

function send(message: MonitorMessage): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve());
  });
}
