import { runCall } from '../calls/call.ts';
import type { Connection } from '../calls/connection.ts';
import { onAbort, withDeadline } from '../calls/deadline.ts';
import type { CallOptions } from '../options.ts';
import type { GivenTask } from './given-tasks.ts';
import { sender } from './infer.ts';
import { readEvents } from './read-events.ts';

type Stream = AsyncGenerator<unknown, unknown, void>;

/** The reason of a stream that its reader has left. */
const left = Symbol('left');

/**
 * Runs a streaming task: yields its items and returns its output. An error before the first item is retried; one after it is
 * not, because items would come twice.
 */
export function inferStream(
  connection: Connection,
  task: GivenTask,
  input: unknown,
  params: object = {},
  options: CallOptions = {},
): Stream {
  const ending = new AbortController();
  const items = readItems(connection, task, { input, params }, options, ending);
  const finish = items.return.bind(items);
  return Object.assign(items, {
    // While an item is awaited, a generator does not notice its `return`.
    return: (value: unknown) => {
      ending.abort(left);
      return finish(value);
    },
  });
}

async function* readItems(
  connection: Connection,
  task: GivenTask,
  { input, params }: { readonly input: unknown; readonly params: object },
  options: CallOptions,
  ending: AbortController,
): Stream {
  const { signal } = ending;
  const { signal: givenSignal } = options;
  const abort = (): void => ending.abort(givenSignal?.reason);
  if (givenSignal?.aborted === true) abort();
  const stopListening = givenSignal && onAbort(givenSignal, abort);
  // No progress: where it can be told, the response comes as a whole.
  const send = sender(connection, task, input, params);
  try {
    const { items, first } = await runCall(connection, { ...options, signal }, async (context) => {
      // The request outlives the call: it lasts as long as items come.
      const events = readEvents(await send({ ...context, signal }, 'text/event-stream'));
      return { items: events, first: await events.next() };
    });
    const wait = { signal, timeoutMs: options.timeoutMs ?? connection.timeoutMs };
    for (let step = first; ; step = await withDeadline(wait, () => items.next())) {
      if (step.done === true) return step.value;
      yield step.value;
    }
  } catch (error) {
    if (signal.reason === left) return undefined;
    throw error;
  } finally {
    stopListening?.();
    ending.abort();
  }
}
