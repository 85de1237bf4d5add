import { setTimeout as sleep } from 'node:timers/promises';
import { cpuBetween, serverUsage } from '@portico/measure/server-usage';
import { bounded, type Report } from './report.ts';
import { startServer } from './server-process.ts';
import type { Settings } from './settings.ts';

const models = 'faces,segment,vad,ocr';
/** V8 collects what a start leaves behind after some idle time. */
const settleSeconds = { quick: 15, full: 45 };
const seconds = 20;
/** Milliseconds of CPU a second. */
const gatewayBound = { max: 4 };
const engineBound = { max: 1 };

/** What a server without requests costs. */
export async function idle({ quick, modelFolder }: Settings): Promise<Report> {
  await using server = await startServer({ models, modelFolder, environment: { REPLICAS: '1' } });
  await server.ready();
  await sleep((quick ? settleSeconds.quick : settleSeconds.full) * 1_000);
  const before = await serverUsage(server.pid);
  await sleep(seconds * 1_000);
  const after = await serverUsage(server.pid);
  const cpu = cpuBetween(before, after);
  return {
    title: 'CPU of an idle server, ms a second',
    header: ['', 'measured', 'must be', 'is it'],
    rows: [
      ['gateway', ...bounded(cpu.gateway / seconds, gatewayBound)],
      [`one engine, mean of ${after.engineCount}`, ...bounded(cpu.engines / seconds / after.engineCount, engineBound)],
    ],
    notes: [`${models}, for ${seconds} s. The kernel counts in steps of 10 ms, which are 0.5 ms a second.`],
  };
}
