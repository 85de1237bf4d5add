import { errorOfResponse, readJson, unreachable } from '../errors/response-error.ts';
import type { UploadProgress } from '../options.ts';
import type { CallContext } from './call.ts';
import { type Connection, requestHeaders } from './connection.ts';

/** One POST request. */
export interface PostRequest {
  /** Below the url of the server. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FormData | Blob | Uint8Array<ArrayBuffer> | string;
  readonly onUploadProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** Sends a POST request; resolves with a successful response. Rejects with a `PorticoError`. */
export async function post(connection: Connection, context: CallContext, request: PostRequest): Promise<Response> {
  const headers = { ...(await requestHeaders(connection, context.facts())), ...request.headers };
  const url = connection.url + request.path;
  const { body, onUploadProgress } = request;
  const { signal } = context;
  // `fetch` reports no progress.
  const canReport = [typeof XMLHttpRequest, typeof Response].every((type) => type === 'function');
  const withProgress = !connection.hasOwnFetch && canReport && onUploadProgress;
  const response = withProgress
    ? await postWithProgress({ url, headers, body, signal }, withProgress)
    : await connection.fetch(url, { method: 'POST', headers, body, signal });
  context.responded(response);
  if (!response.ok) throw errorOfResponse(response, await readJson(response));
  return response;
}

/**
 * Sends a GET request; resolves with the JSON of a successful response. Rejects with a `PorticoError`.
 *
 * @param isResult whether the JSON of another response is the result as well
 */
export async function getJson(
  connection: Connection,
  context: CallContext,
  path: string,
  isResult: (body: unknown) => boolean = () => false,
): Promise<unknown> {
  const headers = { ...(await requestHeaders(connection, context.facts())), accept: 'application/json' };
  const response = await connection.fetch(connection.url + path, { headers, signal: context.signal });
  context.responded(response);
  const body = await readJson(response);
  if (response.ok || isResult(body)) return body;
  throw errorOfResponse(response, body);
}

interface Upload extends Pick<PostRequest, 'headers' | 'body'> {
  readonly url: string;
  readonly signal: AbortSignal;
}

/** Sends a request by XMLHttpRequest and reports its progress. */
function postWithProgress(
  { url, headers, body, signal }: Upload,
  onProgress: (progress: UploadProgress) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = 'arraybuffer';
    const fail = (cause: unknown): void => reject(unreachable(cause));
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress({ loaded, total }));
    request.addEventListener('load', () => {
      try {
        resolve(toResponse(request));
      } catch (cause) {
        // A status that a `Response` cannot have.
        fail(cause);
      }
    });
    for (const end of ['error', 'abort']) request.addEventListener(end, () => fail(new Error('the upload failed')));
    signal.throwIfAborted();
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(body);
  });
}

function toResponse(request: XMLHttpRequest): Response {
  const lines = request.getAllResponseHeaders().split('\r\n').filter(Boolean);
  const headers = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  const { status, response, responseURL } = request;
  return Object.defineProperty(new Response(response as ArrayBuffer, { status, headers }), 'url', {
    value: responseURL,
  });
}
