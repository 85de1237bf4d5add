import type { Backlog } from './backlog.ts';
import type { Replica } from './replica.ts';
import type { Work } from './work.ts';

/** Sends what can be sent: first to free replicas, then ahead to busy ones, soonest free first. */
export function assignWork(backlog: Backlog, replicas: readonly Replica[], maxBatch: number): void {
  for (const replica of replicas) {
    if (!replica.idle) continue;
    const works = backlog.takeForFree(maxBatch);
    if (works.length === 0) works.push(...withdraw(replicas, maxBatch));
    if (works.length === 0) break;
    replica.work.send(works);
  }
  const soonestFree = [...replicas].sort((one, other) => one.busySince - other.busySince);
  for (const replica of soonestFree) {
    const works = backlog.takeAhead(replica.roomAhead);
    if (works.length > 0) replica.work.send(works);
  }
}

/** What waits in a busy engine, for a replica that is free now. */
function withdraw(replicas: readonly Replica[], limit: number): Work[] {
  const busy = replicas.filter(({ assigned }) => assigned.running > 0);
  const fullest = busy.toSorted((one, other) => other.assigned.waiting - one.assigned.waiting)[0];
  return fullest?.work.withdraw(limit) ?? [];
}
