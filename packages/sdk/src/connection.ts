import type { CallOptions, Fetch, PorticoOptions, RequestHeaders } from './options.ts';
import { unreachable } from './unreachable.ts';

/** A server, ready to be asked. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  /** Rejects with a `PorticoError`. */
  readonly fetch: Fetch;
  headers(): Promise<RequestHeaders>;
  /** The options of one call, with the client's defaults filled in. */
  callOptions(options: CallOptions | undefined): CallOptions;
}

/**
 * Reads the options of a client.
 *
 * @throws {TypeError} when the url is missing.
 */
export function connect(options: PorticoOptions): Connection {
  const { url, headers = {}, fetch = (url, init) => globalThis.fetch(url, init), timeoutMs } = options;
  if (typeof url !== 'string' && !(url instanceof URL)) throw new TypeError('createPortico needs the url of a server.');
  return {
    url: String(url).replace(/\/$/, ''),
    fetch: async (address, init) => {
      try {
        return await fetch(address, init);
      } catch (cause) {
        throw unreachable(cause);
      }
    },
    headers: async () => (typeof headers === 'function' ? headers() : headers),
    callOptions: (call) => ({ signal: call?.signal, timeoutMs: call?.timeoutMs ?? timeoutMs }),
  };
}
