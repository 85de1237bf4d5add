import { Worker } from 'node:worker_threads';

const pollMs = 200;

/**
 * Ends this process when the gateway is gone, also in the middle of a native run, which is why a thread does it.
 * It compares with the recorded parent instead of looking for 1, because in a container the gateway may be pid 1.
 */
export function watchGateway(gatewayPid: number): void {
  const source = `
    setInterval(() => {
      if (process.ppid !== ${gatewayPid}) process.kill(process.pid, 'SIGKILL');
    }, ${pollMs});
  `;
  const worker = new Worker(source, {
    eval: true,
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  });
  worker.unref();
}
