import { readFile } from 'node:fs/promises';

/** What a process has used of the machine. */
export interface ProcessUsage {
  /** User and system time of all its threads since it began, in steps of 10 ms. */
  readonly cpuMs: number;
  /** Its memory, with pages that several processes map shared out between them. */
  readonly proportionalBytes: number;
  readonly residentBytes: number;
}

/** USER_HZ of proc(5): 100 on every architecture that Node runs on. */
const millisecondsPerTick = 10;
/** Fields 14 and 15 of /proc/PID/stat, counted from what follows the command in brackets, which is field 3. */
const userTimeField = 11;
const systemTimeField = 12;

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
