// A gateway in small: `node parent.mjs stay|stop LIBRARY [MONITOR-ARGUMENT…]`. `stay` runs until it is killed, `stop` starts and stops
// five times. Writes JSON lines.
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startGpuMonitor } from '../../../dist/gpu/gpu-monitor.js';
import { startMonitorProcess } from '../../../dist/gpu/monitor-process.js';

const [mode, library, ...monitorArguments] = process.argv.slice(2);
const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const ignore = () => {};

const pids = [];
const start = () =>
  startGpuMonitor({
    logger: { info: ignore, warn: ignore, error: ignore },
    monitorArguments: ['--library', library, ...monitorArguments],
    startProcess: (options) => {
      const child = startMonitorProcess(options);
      pids.push(child.pid);
      return child;
    },
  });
const descriptors = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);

if (mode === 'stay') {
  const monitor = start();
  while (!monitor.status().available) await sleep(20);
  write({ pids });
} else {
  const startAndStop = async () => {
    const monitor = start();
    while (!monitor.status().available) await sleep(20);
    monitor.stop();
    await sleep(100);
  };
  await startAndStop();
  const before = descriptors();
  for (let round = 0; round < 4; round++) await startAndStop();
  start().stop();
  write({ pids, before, after: descriptors() });
}
