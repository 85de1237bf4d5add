import { readdir, readFile, readlink } from 'node:fs/promises';

/** A thread as proc(5) shows it. */
export interface Thread {
  readonly name: string;
  readonly nice: number;
}

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly zombie: boolean;
}

/** Clock ticks in a second, as on every Linux that Node supports. */
const ticksPerSecond = 100;

/** Where the numbers begin in a line of `stat`: the name before them may hold anything. */
function statOf(line: string): { name: string; state: string; fields: readonly string[] } {
  const end = line.lastIndexOf(')');
  const fields = line.slice(end + 2).split(' ');
  return { name: line.slice(line.indexOf('(') + 1, end), state: fields[0] ?? '', fields };
}

/** Every process of the machine. */
export async function processes(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    pids.map(async (pid): Promise<ProcessEntry | undefined> => {
      try {
        const { state, fields } = statOf(await readFile(`/proc/${pid}/stat`, 'utf8'));
        const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
        return { pid: Number(pid), parent: Number(fields[1]), command, zombie: state === 'Z' };
      } catch {
        // It has ended meanwhile.
        return undefined;
      }
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** The children of a process, zombies included. */
export const childrenOf = async (parent: number): Promise<ProcessEntry[]> =>
  (await processes()).filter((entry) => entry.parent === parent);

/** Those of the processes that still run; a zombie does not. */
export async function alive(pids: readonly number[]): Promise<number[]> {
  const running = new Set((await processes()).filter(({ zombie }) => !zombie).map(({ pid }) => pid));
  return pids.filter((pid) => running.has(pid));
}

export async function threadsOf(pid: number): Promise<Thread[]> {
  const ids = await readdir(`/proc/${pid}/task`);
  return Promise.all(
    ids.map(async (id) => {
      const { name, fields } = statOf(await readFile(`/proc/${pid}/task/${id}/stat`, 'utf8'));
      return { name, nice: Number(fields[16]) };
    }),
  );
}

/** Time the processor has spent on the process since its start. */
export async function processorMs(pid: number): Promise<number> {
  const { fields } = statOf(await readFile(`/proc/${pid}/stat`, 'utf8'));
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond;
}

/** Open descriptors and what they are. */
export const descriptorsOf = (pid: number): Promise<string[]> => readdir(`/proc/${pid}/fd`);

/** The sockets among its open descriptors, by the system's names, which differ for the two ends of a pair. */
export async function socketsOf(pid: number): Promise<string[]> {
  const open = await Promise.all(
    (await descriptorsOf(pid)).map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => 'closed meanwhile')),
  );
  return open.filter((name) => name.startsWith('socket:'));
}

/** Files that are mapped into the process. */
export async function mappedFiles(pid: number): Promise<string[]> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  const files = maps.split('\n').flatMap((line) => /\s(\/\S.*)$/.exec(line)?.[1] ?? []);
  return [...new Set(files)];
}

/** The environment the process was started with. */
export async function environmentOf(pid: number): Promise<Record<string, string>> {
  const entries = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').filter((entry) => entry !== '');
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

export const outOfMemoryScore = async (pid: number): Promise<number> =>
  Number(await readFile(`/proc/${pid}/oom_score_adj`, 'utf8'));
