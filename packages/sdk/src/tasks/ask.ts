import { askRest } from '../calls/ask-rest.ts';
import { runCall } from '../calls/run-call.ts';
import type { Client } from '../client.ts';
import { readJson } from '../errors/answer.ts';
import { uploadOf } from '../files/upload.ts';
import type { UploadOptions } from '../options.ts';
import { once } from './once.ts';
import { takesFile } from './takes-file.ts';

/** Asks a task: about a file over REST, where bytes travel as they are, and about JSON over tRPC. */
export async function ask(
  client: Client,
  task: string,
  input: unknown,
  params: object = {},
  options: UploadOptions = {},
): Promise<unknown> {
  const { connection, trpc } = client;
  const prepared = once((signal) => uploadOf(input, params, signal));
  return runCall(connection, options, async (attempt) => {
    if (!(await takesFile(client, task, input, attempt)))
      return trpc.mutation(`${task}.infer`, { input, params }, attempt);
    const { body, headers } = await prepared(attempt.signal);
    const response = await askRest(connection, attempt, {
      path: `/${task}`,
      headers: { ...headers, accept: 'application/json' },
      body,
      onUploadProgress: options.onUploadProgress,
    });
    return readJson(response);
  });
}
