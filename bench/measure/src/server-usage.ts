import { readdir, readFile } from 'node:fs/promises';

/** USER_HZ of proc(5): 100 on every architecture that Node runs on. */
const millisecondsPerTick = 10;
/** Fields 14 and 15 of /proc/PID/stat, counted from what follows the command in brackets, which is field 3. */
const userTimeField = 11;
const systemTimeField = 12;

/** What a process has used of the machine. */
export interface ProcessUsage {
  /** User and system time of all its threads since it began, in steps of 10 ms. */
  readonly cpuMs: number;
  /** Its memory, with pages that several processes map shared out between them. */
  readonly proportionalBytes: number;
  readonly residentBytes: number;
}

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

/** A process and those it started, itself first, by proc(5). Processes that end meanwhile are left out. */
export async function processTree(root: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map(await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const)));
  const tree = [root];
  for (const pid of tree) tree.push(...pids.filter((child) => parents.get(child) === pid));
  return tree;
}

async function parentOf(pid: number): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
  } catch {
    // It has ended.
    return undefined;
  }
}

/** Reads /proc; rejects when the process has ended. Linux only. */
export async function processUsage(pid: number): Promise<ProcessUsage> {
  const [stat, memory] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
  ]);
  return { cpuMs: cpuMs(stat), ...memoryOf(memory) };
}

/** CPU time in the text of /proc/PID/stat; a command may hold blanks and brackets. */
export function cpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[userTimeField]) + Number(fields[systemTimeField])) * millisecondsPerTick;
}

/** Memory in the text of /proc/PID/smaps_rollup. */
export function memoryOf(rollup: string): Pick<ProcessUsage, 'proportionalBytes' | 'residentBytes'> {
  const kibibytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1] ?? 0);
  return { proportionalBytes: kibibytes('Pss') * 1024, residentBytes: kibibytes('Rss') * 1024 };
}
