import { failedAnswer, readJson } from '../errors/answer.ts';
import { callHeaders } from './call-headers.ts';
import type { Connection } from './connection.ts';
import type { Attempt } from './run-call.ts';
import { sendWithProgress, tellsProgress } from './send-with-progress.ts';
import type { UploadProgress } from '../options.ts';

/** One request over REST. */
export interface RestRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FormData | Blob | Uint8Array<ArrayBuffer>;
  readonly onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** Sends one request over REST; answers with what succeeded. Rejects with a `PorticoError`. */
export async function askRest(connection: Connection, attempt: Attempt, request: RestRequest): Promise<Response> {
  const headers = { ...(await callHeaders(connection, attempt.facts())), ...request.headers };
  const url = connection.url + request.path;
  const { body, onUploadProgress } = request;
  const { signal } = attempt;
  const response =
    onUploadProgress !== undefined && tellsProgress(connection)
      ? await sendWithProgress({ url, headers, body, signal }, onUploadProgress)
      : await connection.fetch(url, { method: 'POST', headers, body, signal });
  if (!response.ok) throw failedAnswer(response, await readJson(response));
  return response;
}
