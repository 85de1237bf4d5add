import {
  createTRPCClient,
  httpBatchStreamLink,
  httpLink,
  type Operation,
  splitLink,
  type TRPCClient,
  type TRPCLink,
} from '@trpc/client';
import { connect, requestHeaders } from '../calls/connection.ts';
import type { TaskContracts } from '../contract.ts';
import { requireKnown } from '../option-names.ts';
import type { PorticoOptions } from '../options.ts';
import type { AppRouter } from './app-router.ts';
import { checkedFetch } from './checked-fetch.ts';
import { transformer } from './transformer.ts';

/** The server's limit of calls in one request. */
const maxCalls = 16;

/** How to reach a server over tRPC. */
export interface TRPCOptions extends Pick<PorticoOptions, 'url' | 'apiKey' | 'headers' | 'fetch'> {
  /**
   * Timeout in milliseconds of every call; of a stream, the wait for each next item. The server knows it and stops working by
   * then.
   * @default the server's own
   */
  readonly timeoutMs?: number | undefined;
}

/** Written as an object, so that the compiler holds it against the type. */
const optionNames = Object.keys({
  url: 0,
  apiKey: 0,
  headers: 0,
  fetch: 0,
  timeoutMs: 0,
} satisfies Record<keyof TRPCOptions, 0>);

/**
 * Creates tRPC's own client of a Portico server. Its procedures follow from the type of a contract: of the bundled tasks, or of
 * your own. Each call with a file or with tensors in it, and each stream, is a request; other calls that are made together
 * share one.
 *
 * @example
 * const trpc = createTRPC({ url: 'http://localhost:8000' });
 * const { text } = await trpc.ocr.infer.mutate({ file: { data } });
 *
 * @example
 * const trpc = createTRPC<typeof myTasks>({ url: 'http://localhost:8000', apiKey });
 *
 * @throws {TypeError} if an option is unknown or invalid.
 */
export function createTRPC<Tasks extends object = TaskContracts>(options: TRPCOptions): TRPCClient<AppRouter<Tasks>> {
  requireKnown('createTRPC', options, optionNames);
  const connection = connect(options);
  const { timeoutMs } = connection;
  const shared = {
    url: `${connection.url}/trpc`,
    transformer,
    headers: () => requestHeaders(connection, { timeoutMs, traceparent: undefined }),
  };
  const fetchOnce = checkedFetch(connection, { isStream: false });
  const link: TRPCLink<AppRouter> = splitLink({
    condition: streams,
    true: httpBatchStreamLink({
      ...shared,
      fetch: checkedFetch(connection, { isStream: true }),
      maxItems: 1,
    }),
    false: splitLink({
      condition: hasBytes,
      true: httpLink({ ...shared, fetch: fetchOnce }),
      false: httpBatchStreamLink({ ...shared, fetch: fetchOnce, maxItems: maxCalls }),
    }),
  });
  return createTRPCClient<AppRouter<Tasks>>({ links: [link] });
}

const streams = ({ path }: Operation): boolean => path.endsWith('.stream');

/** Files and tensors are large: together they would exceed what a server takes in one request. */
const hasBytes = ({ path, input }: Operation): boolean =>
  path === 'tensors.infer' || 'file' in Object(input) || 'files' in Object(input);
