import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { MonitorMessage } from './monitor-process.ts';
import { isPermanent, openNvml, readGpus } from './nvml.ts';

// The GPU monitor: a process that samples NVML and writes one JSON object a line to its parent, `monitor-process.ts`.

process.title = 'portico-gpu-monitor';

const { values } = parseArgs({
  options: {
    library: { type: 'string', default: process.platform === 'win32' ? 'nvml.dll' : 'libnvidia-ml.so.1' },
    'interval-milliseconds': { type: 'string', default: '15000' },
  },
});

/** A thread that hangs in the driver would hold up an orderly exit. */
const exitAtOnce = () => process.kill(process.pid, 'SIGKILL');

// The parent never writes; its end of the pipe closes when it exits, in whatever way.
process.stdin.once('end', exitAtOnce).once('error', exitAtOnce).resume();
process.stdout.once('error', exitAtOnce);
// A signal to the whole process group is for the parent to handle: it may still be draining.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

await sample(values.library, Number(values['interval-milliseconds'])).catch((error: unknown) =>
  send({
    kind: 'unavailable',
    reason: error instanceof Error ? error.message : String(error),
    permanent: isPermanent(error),
  }),
);
process.exit();

/** Samples for ever; rejects if the driver cannot be used. */
async function sample(path: string, intervalMs: number): Promise<never> {
  const library = await openNvml(path);
  await library.init();
  const driverVersion = await library.driverVersion();
  for (;;) {
    const { gpus, problems } = await readGpus(library);
    await send({ kind: 'sample', sampledAt: new Date().toISOString(), driverVersion, gpus, problems });
    await sleep(intervalMs);
  }
}

function send(message: MonitorMessage): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve());
  });
}
