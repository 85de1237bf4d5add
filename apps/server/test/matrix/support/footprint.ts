import { serverUsage } from '@portico/measure/server-usage';
import { metric } from '../../harness/metric.ts';
import { childrenOf } from '../../harness/process-facts.ts';
import { eventually, type ServerProcess } from '../../harness/server-process.ts';
import { heldDescriptors } from './descriptors.ts';

/** What a server holds of the machine. */
export interface Footprint {
  /** PSS of the gateway and all that it started. */
  readonly mebibytes: number;
  /** Descriptors of the gateway, living connections left out. */
  readonly descriptors: number;
  /** The gateway's children, zombies included. */
  readonly children: number;
}

const mebibyte = 1024 * 1024;
/** What heaps and allocators keep; a leak of one input or one engine in every row would be more. */
const memorySlack = 100;

export async function footprint(server: ServerProcess): Promise<Footprint> {
  const { pid = 0 } = server.child;
  const [usage, descriptors, children] = await Promise.all([
    serverUsage(pid),
    heldDescriptors(server),
    childrenOf(pid),
  ]);
  return {
    mebibytes: Math.round(usage.total.proportionalBytes / mebibyte),
    descriptors,
    children: children.length,
  };
}

/** Waits until the server is idle and holds what it held before, and returns what it holds. */
export async function cameBack(server: ServerProcess, before: Footprint): Promise<Footprint> {
  let last: Footprint | undefined;
  try {
    return await eventually(async () => {
      last = await footprint(server);
      const held = await Promise.all(idleGauges.map((name) => metric(server, name)));
      const isBack =
        last.mebibytes <= before.mebibytes + memorySlack &&
        last.descriptors <= before.descriptors &&
        last.children === before.children;
      return isBack && held.every((value) => value === 0) ? last : undefined;
    });
  } catch (error) {
    throw new Error(`held ${JSON.stringify(before)} before, ${JSON.stringify(last)} after`, { cause: error });
  }
}

const idleGauges = ['portico_queue_depth', 'portico_in_flight', 'portico_upload_bytes'];
