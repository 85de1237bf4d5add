import { setTimeout as sleep } from 'node:timers/promises';
import { serverUsage } from '@portico/measure/server-usage';
import type { ServerProcess } from '../harness/server-process.ts';
import { heldDescriptors } from '../matrix/support/descriptors.ts';
import type { Finding } from './senders.ts';

/** What an idle server holds. */
export interface Level {
  /** Resident memory of the gateway, its garbage collected. */
  readonly mebibytes: number;
  /** Descriptors of the gateway, living connections left out. */
  readonly descriptors: number;
  /** Process ids. */
  readonly engines: readonly number[];
}

const mebibyte = 1024 * 1024;
/** What a heap keeps after a storm, from one storm to the next; a leak of 4 KiB a request is more after 20 000. */
const memorySlackMebibytes = 64;
/** Connections that clients left open half-way are closed by then, and uploads given back. */
const settleMs = 40_000;

/** For a collection of everything, which takes some 100 ms of a loaded core. */
const collectionMs = 500;

export async function levelOf(server: ServerProcess): Promise<Level> {
  const { pid = 0 } = server.child;
  server.child.kill('SIGUSR2');
  await sleep(collectionMs);
  const [usage, descriptors, engines] = await Promise.all([
    serverUsage(pid),
    heldDescriptors(server),
    server.engines(),
  ]);
  return {
    mebibytes: Math.round(usage.gateway.residentBytes / mebibyte),
    descriptors,
    engines: engines.sort((one, other) => one - other),
  };
}

/** Waits until the server holds what it held before, at most as long as connections may linger; and says what it holds more. */
export async function settled(server: ServerProcess, before: Level): Promise<{ after: Level; findings: Finding[] }> {
  const until = performance.now() + settleMs;
  for (;;) {
    const after = await levelOf(server);
    const findings = differences(before, after);
    if (findings.length === 0 || performance.now() > until) return { after, findings };
    await sleep(500);
  }
}

function differences(before: Level, after: Level): Finding[] {
  const findings: Finding[] = [];
  const add = (what: string): void => void findings.push({ what, how: 'before and after' });
  if (after.mebibytes > before.mebibytes + memorySlackMebibytes)
    add(`memory of the gateway: ${before.mebibytes} MiB before, ${after.mebibytes} MiB after`);
  if (after.descriptors !== before.descriptors)
    add(`descriptors: ${before.descriptors} before, ${after.descriptors} after`);
  const [had, has] = [before, after].map(({ engines }) => engines.join(' '));
  if (had !== has) add(`engines: ${had} before, ${has} after`);
  return findings;
}
