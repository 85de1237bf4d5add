import { failedAnswer, readJson } from './answer.ts';
import type { Connection } from './connection.ts';
import { timeoutHeader, withDeadline } from './deadline.ts';
import { formOf } from './form.ts';
import type { CallOptions } from './options.ts';

/** Asks a file task over REST: bytes travel as they are. */
export async function askFileTask(
  connection: Connection,
  task: string,
  file: unknown,
  params: object = {},
  options?: CallOptions,
): Promise<unknown> {
  const body = formOf(file, params);
  const call = connection.callOptions(options);
  return withDeadline(call, async (signal) => {
    const headers = { ...(await connection.headers()), ...timeoutHeader(call.timeoutMs), accept: 'application/json' };
    const response = await connection.fetch(`${connection.url}/${task}`, { method: 'POST', headers, body, signal });
    const answer = await readJson(response);
    if (!response.ok) throw failedAnswer(response, answer);
    return answer;
  });
}
