import { createPortico, isPorticoError, PorticoError, type ResponseInfo, type RetryInfo } from '@portico/sdk';
import { useEffect, useRef, useState } from 'react';
import { type Connection, type TaskModel, useConnection } from '../connection/connection.tsx';
import { healthOf } from '../connection/readiness.ts';
import { changedOf } from '../form/schema.ts';
import type { Input, InputFile, Params } from '../views/view.ts';
import { lastCall } from './last-call.ts';

/** One call of a task, from its start to its end. */
export interface Call {
  /** waiting: for the model to be ready. */
  readonly phase: 'waiting' | 'sending' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly input: Input;
  /** With the defaults filled in. */
  readonly params: Params;
  readonly startedAt: number;
  /** 0 to 1, while a file is sent. */
  readonly sent: number;
  /** The retry that is about to happen. */
  readonly retry: RetryInfo | undefined;
  /** How many there have been. */
  readonly retries: number;
  readonly items: readonly unknown[];
  readonly output: unknown;
  readonly error: PorticoError | undefined;
  /** What the last response says: its request ID and the time of each phase on the server. */
  readonly response: ResponseInfo | undefined;
  /** From the start to the end, as this page measured it. */
  readonly durationMs: number | undefined;
}

/** The calls of one task on this page, one at a time. */
export interface Calls {
  /** The latest call. */
  readonly call: Call | undefined;
  /** The latest call that succeeded. */
  readonly success: Call | undefined;
  readonly running: boolean;
  /** Starts a call; one that is under way is cancelled. */
  readonly start: (input: Input, params: Params) => void;
  readonly cancel: () => void;
}

/** Between two looks at the items of a stream that come faster than they can be shown. */
const showItemsMs = 50;

/** The upload of larger files shows its progress, of which `fetch` says nothing: their items come all at once. */
const maxStreamedBytes = 8_000_000;

/** Errors after which the page looks at the server at once. */
const tellsOfServer: ReadonlySet<string> = new Set(['NETWORK', 'UNAUTHORIZED', 'NOT_FOUND', 'NOT_READY']);

const untouched = {
  phase: 'sending',
  sent: 0,
  retry: undefined,
  retries: 0,
  items: [],
  output: undefined,
  error: undefined,
  response: undefined,
  durationMs: undefined,
} as const;

export function useCall(task: TaskModel): Calls {
  const { url, apiKey, state, look } = useConnection();
  const [call, setCall] = useState<Call>();
  const [success, setSuccess] = useState<Call>();
  const current = useRef<AbortController>(undefined);
  const untilReady = useReadiness(healthOf(state, 'task', task.name).state !== 'waiting');

  const cancel = (): void => current.current?.abort();
  // Leaving the page ends the call.
  useEffect(() => () => current.current?.abort(), []);

  const start = async (input: Input, params: Params): Promise<void> => {
    cancel();
    const controller = new AbortController();
    const { signal } = controller;
    current.current = controller;
    let latest: Call = { ...untouched, input, params, startedAt: performance.now() };
    const update = (changes: Partial<Call>): void => {
      // What is still reported of a call that has ended changes nothing.
      if (ended(latest)) return;
      latest = { ...latest, ...changes };
      // A call that another has replaced changes nothing on the screen.
      if (current.current === controller) setCall(latest);
    };
    const elapsed = (): number => performance.now() - latest.startedAt;
    try {
      update({ phase: 'waiting' });
      await untilReady(signal);
      update({ phase: 'sending', startedAt: performance.now() });
      const output = await send({ url, apiKey }, task, latest, signal, update);
      const durationMs = elapsed();
      update({ phase: 'done', output, durationMs, retry: undefined });
      if (current.current === controller) setSuccess(latest);
      lastCall.set({ task: task.name, durationMs, timing: latest.response?.timing ?? {} });
    } catch (error) {
      if (signal.aborted) update({ phase: 'cancelled', durationMs: elapsed() });
      else if (isPorticoError(error)) {
        update({ phase: 'failed', error, durationMs: elapsed() });
        if (tellsOfServer.has(error.code)) look();
      } else {
        const message = 'The page cannot make this call or cannot read the response.';
        update({ phase: 'failed', error: new PorticoError('INTERNAL', message), durationMs: elapsed() });
        reportError(error);
      }
    }
  };

  const running = call !== undefined && !ended(call);
  return { call, success, running, start: (input, params) => void start(input, params), cancel };
}

const ended = ({ phase }: Call): boolean => phase === 'done' || phase === 'failed' || phase === 'cancelled';

/** A function that waits until the model is ready. */
function useReadiness(ready: boolean): (signal: AbortSignal) => Promise<void> {
  const waiting = useRef({ ready, resume: (): void => {} });
  useEffect(() => {
    waiting.current.ready = ready;
    if (ready) waiting.current.resume();
  }, [ready]);
  return async (signal) => {
    if (waiting.current.ready) return;
    await new Promise<void>((resolve, reject) => {
      waiting.current.resume = resolve;
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  };
}

/** The SDK's method of a task that is known at run time only. */
interface AnyMethod {
  (input: unknown, params: object, options: object): Promise<unknown>;
  stream(input: unknown, params: object, options: object): AsyncGenerator<unknown, unknown, void>;
}

/** Sends a call and reports what happens to it; resolves with its output. */
async function send(
  { url, apiKey }: Pick<Connection, 'url' | 'apiKey'>,
  task: TaskModel,
  { input, params }: Call,
  signal: AbortSignal,
  update: (changes: Partial<Call>) => void,
): Promise<unknown> {
  // What a task takes is known from the server.
  const method = createPortico({ url, apiKey, tasks: { [task.name]: task.inputKind } })[task.name]! as AnyMethod;
  const value = valueOf(input);
  const changed = changedOf(task.params, params);
  const options = {
    signal,
    onRetry: (retry: RetryInfo) => update({ retry, retries: retry.retry }),
    onResponse: (response: ResponseInfo) =>
      update({ response, ...(response.status < 400 ? { retry: undefined } : {}) }),
  };
  if (task.item === null || bytesIn(input) > maxStreamedBytes) {
    const onUploadProgress = ({ loaded, total }: { loaded: number; total: number }): void =>
      update({ sent: loaded / total, phase: loaded === total ? 'running' : 'sending' });
    return method(value, changed, input.kind === 'json' ? options : { ...options, onUploadProgress });
  }
  const stream = method.stream(value, changed, options);
  const items: unknown[] = [];
  let shownAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    clearTimeout(timer);
    timer = undefined;
    shownAt = performance.now();
    update({ phase: 'running', items: [...items] });
  };
  try {
    for (;;) {
      const step = await stream.next();
      if (step.done === true) return step.value;
      items.push(step.value);
      if (performance.now() - shownAt < showItemsMs) timer ??= setTimeout(show, showItemsMs);
      else {
        show();
        // Items that are there already come without a pause, in which nothing else would happen.
        await new Promise((resolve) => setTimeout(resolve));
      }
    }
  } finally {
    show();
  }
}

/** An input as the SDK takes it. */
function valueOf(input: Input): unknown {
  if (input.kind === 'json') return input.value;
  if (input.kind === 'file') return namedFile(input);
  return Object.fromEntries(Object.entries(input.files).map(([part, file]) => [part, namedFile(file)]));
}

const namedFile = ({ blob, name }: InputFile): object => ({ data: blob, name });

function bytesIn(input: Input): number {
  if (input.kind === 'json') return 0;
  const files = input.kind === 'file' ? [input] : Object.values(input.files);
  return files.reduce((sum, { blob }) => sum + blob.size, 0);
}
