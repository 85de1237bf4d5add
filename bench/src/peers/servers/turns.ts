import { type Block, measureBlock, warmUp } from '../../blocks/block.ts';
import { type Generator, startGenerator } from '../../blocks/generator.ts';
import { reasonOf } from '../../report.ts';
import type { SocketRequest } from '../../requests.ts';

/** A server of a comparison: started for each of its turns, so that no other runs meanwhile. */
export interface Contestant {
  readonly name: string;
  readonly start: () => Promise<Running>;
  /** By their names in tables. */
  readonly requests: Readonly<Record<string, SocketRequest>>;
}

export interface Running extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** Waits for a response of status 200 to this request. */
  waitUntilReady(generator: Generator, request: SocketRequest): Promise<void>;
}

export interface Contest {
  /** The blocks of each round, by contestant and request; a contestant that failed has none. */
  readonly blocks: ReadonlyMap<string, readonly Block[]>;
  readonly failures: ReadonlyMap<string, string>;
}

export const contestKey = (contestant: string, request: string): string => `${contestant}\n${request}`;

/** Lets all servers take turns, round by round. One that fails is left out from then on, and the others go on. */
export async function takeTurns(
  contestants: readonly Contestant[],
  { rounds, seconds }: Readonly<Record<'rounds' | 'seconds', number>>,
): Promise<Contest> {
  await using generator = startGenerator();
  const blocks = new Map<string, Block[]>();
  const failures = new Map<string, string>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, start, requests } of contestants) {
      if (failures.has(name)) continue;
      try {
        await using running = await start();
        const { port, pid } = running;
        for (const [kind, request] of Object.entries(requests)) {
          await running.waitUntilReady(generator, request);
          const target = { name, port, pid, request };
          await warmUp(generator, target);
          const key = contestKey(name, kind);
          blocks.set(key, [...(blocks.get(key) ?? []), await measureBlock(generator, target, seconds)]);
        }
      } catch (error) {
        failures.set(name, reasonOf(error));
        for (const kind of Object.keys(requests)) blocks.delete(contestKey(name, kind));
      }
    }
  }
  return { blocks, failures };
}
