import { unreachable } from '../errors/unreachable.ts';
import type { UploadProgress } from '../options.ts';
import type { Connection } from './connection.ts';

interface Upload {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: FormData | Blob | Uint8Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

/** Whether uploads can be followed here: `fetch` tells nothing on the way. */
export const tellsProgress = ({ hasOwnFetch }: Connection): boolean =>
  !hasOwnFetch && typeof XMLHttpRequest === 'function';

/** Sends a request by XMLHttpRequest and tells how it gets on. */
export function sendWithProgress(
  { url, headers, body, signal }: Upload,
  tell: (progress: UploadProgress) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = 'blob';
    const fail = (cause: unknown): void => reject(unreachable(cause));
    request.upload.addEventListener('progress', ({ loaded, total }) => tell({ loaded, total }));
    request.addEventListener('load', () => {
      try {
        resolve(responseOf(request));
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

function responseOf(request: XMLHttpRequest): Response {
  const lines = request.getAllResponseHeaders().split('\r\n').filter(Boolean);
  const headers = lines.map((line): [string, string] => {
    const [name = '', ...value] = line.split(': ');
    return [name, value.join(': ')];
  });
  const { status, response, responseURL } = request;
  // A blob without a type: its own is "text/xml" where the answer names none.
  return Object.defineProperty(new Response((response as Blob).slice(), { status, headers }), 'url', {
    value: responseURL,
  });
}
