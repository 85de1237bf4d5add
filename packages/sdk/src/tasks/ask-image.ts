import { askRest } from '../calls/ask-rest.ts';
import { runCall } from '../calls/run-call.ts';
import type { Client } from '../client.ts';
import { foreignAnswer } from '../errors/answer.ts';
import { unreachable } from '../errors/unreachable.ts';
import { noFile } from '../files/unusable-input.ts';
import { uploadOf } from '../files/upload.ts';
import type { UploadOptions } from '../options.ts';
import { once } from './once.ts';
import { takesFile } from './takes-file.ts';

/** Asks a task for the picture that it makes. */
export async function askImage(
  client: Client,
  task: string,
  input: unknown,
  params: object = {},
  options: UploadOptions = {},
): Promise<Blob> {
  const { connection } = client;
  const prepared = once((signal) => uploadOf(input, params, signal));
  return runCall(connection, options, async (attempt) => {
    if (!(await takesFile(client, task, input, attempt))) throw noFile(input);
    const { body, headers } = await prepared(attempt.signal);
    const response = await askRest(connection, attempt, {
      path: `/${task}`,
      headers: { ...headers, accept: 'image/png' },
      body,
      onUploadProgress: options.onUploadProgress,
    });
    if (!/^image\//i.test(response.headers.get('content-type') ?? '')) throw foreignAnswer(response);
    return response.blob().catch((cause: unknown) => {
      throw unreachable(cause);
    });
  });
}
