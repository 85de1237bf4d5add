import { once } from 'node:events';
import { Agent, type IncomingMessage, request as ask } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Door } from './doors.ts';

export interface Clients {
  readonly asked: number;
  /** What went wrong for a client. */
  readonly losses: readonly string[];
  /** Connections that the clients needed; one each, unless one broke. */
  readonly connections: number;
  readonly slowestMs: number;
  /** Sends no more and waits for the last answers. */
  stop(): Promise<void>;
}

/** Enough to leave the processor to servers that start. */
const pauseMs = 25;

/**
 * One client for each door: the next request goes out soon after the answer to the last, on the same connection unless each is to
 * have its own.
 */
export function closedLoop(url: string, doors: readonly Door[], { keepAlive = true } = {}): Clients {
  const losses: string[] = [];
  const counts = { asked: 0, connections: 0, slowestMs: 0 };
  const stopping = new AbortController();

  const call = async (door: Door): Promise<void> => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    for (let turn = 1; !stopping.signal.aborted; turn += 1) {
      counts.asked += 1;
      const startedAt = performance.now();
      const what = await wrong(url, door, turn, agent, () => (counts.connections += 1));
      if (what !== undefined) losses.push(`${door.name}: ${what}`);
      counts.slowestMs = Math.max(counts.slowestMs, performance.now() - startedAt);
      await sleep(pauseMs);
    }
    agent.destroy();
  };
  const calls = doors.map(call);
  return {
    losses,
    get asked() {
      return counts.asked;
    },
    get connections() {
      return counts.connections;
    },
    get slowestMs() {
      return counts.slowestMs;
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(calls);
    },
  };
}

/** Asks once and says what is wrong with the answer, if anything. */
async function wrong(
  url: string,
  { path, type, body, isRight }: Door,
  turn: number,
  agent: Agent,
  connected: () => void,
): Promise<string | undefined> {
  try {
    const content = body(turn);
    const headers = { 'content-type': type, 'content-length': content.length };
    const request = ask(`${url}${path}`, { method: 'POST', agent, headers });
    request.end(content);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (!request.reusedSocket) connected();
    const answer = await text(response);
    if (response.statusCode !== 200) return `${response.statusCode}: ${answer}`;
    return isRight(answer, turn) ? undefined : `the wrong answer: ${answer}`;
  } catch (error) {
    return String(error);
  }
}
