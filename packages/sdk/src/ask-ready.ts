import { failedAnswer, readJson } from './answer.ts';
import type { Connection } from './connection.ts';
import type { ReadyStatus } from './contract.ts';
import { withDeadline } from './deadline.ts';
import type { CallOptions } from './options.ts';

/** Asks whether the server is ready: its 503 is an answer, not an error. */
export async function askReady(connection: Connection, options?: CallOptions): Promise<ReadyStatus> {
  return withDeadline(connection.callOptions(options), async (signal) => {
    const headers = await connection.headers();
    const response = await connection.fetch(`${connection.url}/ready`, { headers, signal });
    const answer = await readJson(response);
    if (!isReadyStatus(answer)) throw failedAnswer(response, answer);
    return answer;
  });
}

const isReadyStatus = (answer: unknown): answer is ReadyStatus =>
  typeof answer === 'object' &&
  answer !== null &&
  'status' in answer &&
  (answer.status === 'ready' || answer.status === 'not ready');
