import { readFile, readlink } from 'node:fs/promises';
import { descriptorsOf } from '../../harness/process-facts.ts';
import type { ServerProcess } from '../../harness/server-process.ts';

const established = '01';

/**
 * Open descriptors of the gateway without those of connections that are alive on both sides: the tests keep some open.
 * A connection that its client has left and the gateway has not counts.
 */
export async function heldDescriptors({ port, child: { pid = 0 } }: ServerProcess): Promise<number> {
  const names = await descriptorsOf(pid);
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => 'closed')));
  const alive = await aliveConnections(pid, port);
  return targets.filter((target) => target !== 'closed' && !alive.has(target)).length;
}

/** Connections to the port by what their descriptors link to; columns as in proc_net_tcp of the kernel's documentation. */
async function aliveConnections(pid: number, port: number): Promise<Set<string>> {
  const lines = (await readFile(`/proc/${pid}/net/tcp`, 'utf8')).split('\n').slice(1);
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return new Set(
    lines.flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      return local.endsWith(suffix) && state === established ? [`socket:[${inode}]`] : [];
    }),
  );
}
