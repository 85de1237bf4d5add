import { getUntypedClient, type TRPCClient, TRPCClientError } from '@trpc/client';
import { failedAnswer } from './answer.ts';
import type { Connection } from './connection.ts';
import { withDeadline } from './deadline.ts';
import { isFileData } from './file-input.ts';
import type { CallOptions } from './options.ts';
import type { AppRouter } from './router.ts';

/** A client that can ask JSON tasks. */
export interface JsonConnection extends Connection {
  readonly trpc: TRPCClient<AppRouter>;
}

/** Asks a JSON task over tRPC. */
export async function askJsonTask(
  connection: JsonConnection,
  task: string,
  input: unknown,
  params?: object,
  options?: CallOptions,
): Promise<unknown> {
  if (isFileData(input)) throw new TypeError(`${task} takes a JSON value, but this is a file.`);
  const { timeoutMs, ...call } = connection.callOptions(options);
  return withDeadline({ ...call, timeoutMs }, async (signal) => {
    const client = getUntypedClient(connection.trpc);
    try {
      return await client.mutation(`${task}.infer`, { input, params }, { signal, context: { timeoutMs } });
    } catch (error) {
      throw unwrap(error);
    }
  });
}

/** What tRPC's error stands for: the problem that the server sent, or what went wrong on the way. */
function unwrap(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return error;
  if (error.cause !== undefined) return error.cause;
  const response: unknown = error.meta?.['response'];
  if (response instanceof Response) return failedAnswer(response, (error as TRPCClientError<AppRouter>).data?.problem);
  return error;
}
