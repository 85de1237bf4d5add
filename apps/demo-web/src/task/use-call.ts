import { isPorticoError, type PorticoError } from '@portico/sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Connection, type TaskModel, useConnection } from '../connection/connection.tsx';
import type { Input, Params } from '../views/view.ts';

/** One call of a task, from its start to its end. */
export interface Call {
  readonly phase: 'sending' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly input: Input;
  /** With the defaults filled in. */
  readonly params: Params;
  /** 0 to 1, while a file is sent. */
  readonly sent: number;
  readonly items: readonly unknown[];
  readonly output: unknown;
  readonly error: PorticoError | undefined;
  /** From the start to the end, as this page measured it. */
  readonly durationMs: number | undefined;
}

/** The calls of one task on this page, one at a time. */
export interface Calls {
  /** The latest call. */
  readonly call: Call | undefined;
  /** The latest call with this input that succeeded. */
  readonly success: Call | undefined;
  readonly running: boolean;
  /** Starts a call; one that is under way is cancelled. */
  readonly start: (input: Input, params: Params) => void;
  readonly cancel: () => void;
}

/** The SDK's method of a task that is known at run time only. */
interface AnyMethod {
  (input: unknown, params: object, options: object): Promise<unknown>;
  stream(input: unknown, params: object, options: object): AsyncGenerator<unknown, unknown, void>;
}

export function useCall(task: TaskModel | undefined): Calls {
  const { portico } = useConnection();
  const [call, setCall] = useState<Call>();
  const [success, setSuccess] = useState<Call>();
  const under = useRef<AbortController>(undefined);

  const cancel = useCallback(() => under.current?.abort(), []);
  // Leaving the page ends the call.
  useEffect(() => cancel, [cancel]);

  const start = async (input: Input, params: Params): Promise<void> => {
    if (task === undefined) return;
    cancel();
    const controller = new AbortController();
    under.current = controller;
    const startedAt = performance.now();
    let latest: Call = {
      phase: 'sending',
      input,
      params,
      sent: 0,
      items: [],
      output: undefined,
      error: undefined,
      durationMs: undefined,
    };
    const update = (changes: Partial<Call>): void => {
      latest = { ...latest, ...changes };
      // A call that another has replaced changes nothing on the screen.
      if (under.current === controller) setCall(latest);
    };
    update({});
    if (success?.input !== input) setSuccess(undefined);
    try {
      const output = await send(portico, task, latest, controller.signal, update);
      update({ phase: 'done', output, durationMs: performance.now() - startedAt });
      if (under.current === controller) setSuccess(latest);
    } catch (error) {
      if (!isPorticoError(error)) throw error;
      const phase = controller.signal.aborted ? 'cancelled' : 'failed';
      update({ phase, error, durationMs: performance.now() - startedAt });
    }
  };

  return {
    call,
    success,
    running: call?.phase === 'sending' || call?.phase === 'running',
    start: (input, params) => void start(input, params),
    cancel,
  };
}

/** Sends a call and reports what happens to it; resolves with its output. */
async function send(
  portico: Connection['portico'],
  task: TaskModel,
  { input, params }: Call,
  signal: AbortSignal,
  update: (changes: Partial<Call>) => void,
): Promise<unknown> {
  const method = (portico as unknown as Readonly<Record<string, AnyMethod>>)[task.name]!;
  const value = input.kind === 'json' ? input.value : { data: input.blob, name: input.name };
  if (task.item === null) {
    const onUploadProgress = ({ loaded, total }: { loaded: number; total: number }): void =>
      update({ sent: loaded / total, phase: loaded === total ? 'running' : 'sending' });
    return method(value, params, { signal, onUploadProgress });
  }
  const stream = method.stream(value, params, { signal });
  const items: unknown[] = [];
  for (;;) {
    const step = await stream.next();
    if (step.done === true) return step.value;
    items.push(step.value);
    update({ phase: 'running', items: [...items] });
  }
}
