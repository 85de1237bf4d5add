import type { Operation, OperationLink, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from './app-router.ts';
import type { LinkContext, Requests } from './requests.ts';
import { writeValue } from './values.ts';

interface PendingCall {
  /** Its input is written already. */
  readonly operation: Operation;
  /** It streams, or its input has bytes in it. */
  readonly alone: boolean;
  readonly send: (link: OperationLink<AppRouter>) => void;
}

/** The server's limit of calls in one request. */
const maxCalls = 16;
/** Characters of the inputs of one request in total: a server's limit is for the whole request. */
const maxCharacters = 500_000;

/** When all calls made together have arrived: after the running code. A timer would add a millisecond in Node. */
const soon: (run: () => void) => unknown =
  (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate ?? setTimeout;

/**
 * Sends calls that are made together in one request. Only calls that end together share one, with the same signal and the
 * same timeout: so aborting one never aborts another, nor leaves the server working in vain.
 */
export const sharedRequestsLink =
  (requests: Requests): TRPCLink<AppRouter> =>
  (runtime) => {
    const one = requests.one(runtime);
    let pending: PendingCall[] = [];
    const sendAll = (): void => {
      const calls = pending;
      pending = [];
      for (const group of groupCalls(calls, requests)) {
        const isPlain = group.length === 1 && !group.some(({ operation }) => streams(operation));
        const link = isPlain ? one : requests.several(group.map(({ operation }) => operation))(runtime);
        for (const call of group) call.send(link);
      }
    };
    return ({ op, next }) =>
      observable((observer) => {
        const operation = { ...op, input: op.input === undefined ? undefined : writeValue(op.input) };
        let cancel: (() => void) | undefined;
        const call: PendingCall = {
          operation,
          alone: streams(op) || isLarge(op),
          send: (link) => {
            const sent = link({ op: operation, next }).subscribe(observer);
            cancel = () => sent.unsubscribe();
          },
        };
        if (pending.length === 0) soon(sendAll);
        pending.push(call);
        return () => {
          pending = pending.filter((other) => other !== call);
          cancel?.();
        };
      });
  };

interface Group {
  /** What its calls have in common. */
  readonly key: readonly unknown[];
  readonly calls: PendingCall[];
  characters: number;
}

/** Calls that may share a request, together. */
function groupCalls(calls: readonly PendingCall[], requests: Requests): PendingCall[][] {
  const groups: Group[] = [];
  for (const call of calls) {
    const key = keyOf(call, requests);
    const characters = calls.length === 1 || call.alone ? 0 : JSON.stringify(call.operation.input ?? null).length;
    const group = groups.find(
      (other) =>
        other.calls.length < maxCalls &&
        other.characters + characters <= maxCharacters &&
        other.key.every((part, index) => part === key[index]),
    );
    group?.calls.push(call);
    if (group === undefined) groups.push({ key, characters, calls: [call] });
    else group.characters += characters;
  }
  return groups.map((group) => group.calls);
}

/** What calls that share a request have in common. */
function keyOf({ operation, alone }: PendingCall, requests: Requests): readonly unknown[] {
  const { type, signal, context } = operation;
  const { timeoutMs, traceparent } = requests.facts(operation);
  const { call, givenSignal = signal } = context as LinkContext;
  const end = call === undefined ? givenSignal : call.givenSignal;
  return [type, end, timeoutMs, traceparent, alone ? Symbol('alone') : 'together'];
}

/** An input with bytes in it. */
const isLarge = ({ path, input }: Operation): boolean =>
  path === 'tensors.infer' || 'file' in Object(input) || 'files' in Object(input);

const streams = ({ path }: Operation): boolean => path.endsWith('.stream');
