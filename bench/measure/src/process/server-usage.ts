import { readFile } from 'node:fs/promises';
import { type ProcessUsage, processUsage } from './process-usage.ts';
import { processTree } from './process-tree.ts';

/** What a server has used, by the part that its processes play. */
export interface ServerUsage {
  readonly gateway: ProcessUsage;
  readonly engines: ProcessUsage;
  readonly engineCount: number;
  /** Gateway, engines and everything else it started, such as the GPU monitor. */
  readonly total: ProcessUsage;
}

const nothing: ProcessUsage = { cpuMs: 0, proportionalBytes: 0, residentBytes: 0 };

/** Measures a gateway and all that it started. Resident bytes of several processes count shared pages several times. */
export async function serverUsage(gatewayPid: number): Promise<ServerUsage> {
  const pids = await processTree(gatewayPid);
  const all = (await Promise.all(pids.map(measured))).filter((one) => one !== undefined);
  const gateway = all.find(({ pid }) => pid === gatewayPid);
  if (gateway === undefined) throw new Error(`Process ${gatewayPid} has ended.`);
  const engines = all.filter(({ command }) => command.includes('/engine/main'));
  return {
    gateway: gateway.usage,
    engines: engines.map(({ usage }) => usage).reduce(sum, nothing),
    engineCount: engines.length,
    total: all.map(({ usage }) => usage).reduce(sum, nothing),
  };
}

/** CPU milliseconds between two measurements of the same server. */
export const cpuBetween = (
  before: ServerUsage,
  after: ServerUsage,
): Readonly<Record<'gateway' | 'engines' | 'total', number>> => ({
  gateway: after.gateway.cpuMs - before.gateway.cpuMs,
  engines: after.engines.cpuMs - before.engines.cpuMs,
  total: after.total.cpuMs - before.total.cpuMs,
});

const sum = (one: ProcessUsage, other: ProcessUsage): ProcessUsage => ({
  cpuMs: one.cpuMs + other.cpuMs,
  proportionalBytes: one.proportionalBytes + other.proportionalBytes,
  residentBytes: one.residentBytes + other.residentBytes,
});

interface Measured {
  readonly pid: number;
  readonly command: string;
  readonly usage: ProcessUsage;
}

async function measured(pid: number): Promise<Measured | undefined> {
  try {
    const [usage, command] = await Promise.all([processUsage(pid), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
    return { pid, command, usage };
  } catch {
    // It has ended.
    return undefined;
  }
}
