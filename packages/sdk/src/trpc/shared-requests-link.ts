import type { Operation, OperationLink, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from './app-router.ts';
import type { Requests } from './requests.ts';
import type { CallContext } from './untyped.ts';
import { writeValue } from './values/write-value.ts';

interface Waiting {
  /** Its input is written already. */
  readonly operation: Operation;
  /** It streams, or its input has bytes in it. */
  readonly alone: boolean;
  readonly send: (link: OperationLink<AppRouter>) => void;
}

/** The server takes at most as many calls in one request. */
const mostCalls = 16;
/** Characters of the inputs of one request together: a server's limit is for the request as a whole. */
const mostCharacters = 500_000;

/** When calls that are made together have all arrived: after what is running now. A timer would add a millisecond in Node. */
const soon: (run: () => void) => unknown =
  (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate ?? setTimeout;

/**
 * Sends calls that are made together in one request. Only such as end together: with the same signal and the same deadline,
 * so that leaving one never leaves another, or the server at work for nobody.
 */
export const sharedRequestsLink =
  (requests: Requests): TRPCLink<AppRouter> =>
  (runtime) => {
    const one = requests.one(runtime);
    let waiting: Waiting[] = [];
    const sendAll = (): void => {
      const calls = waiting;
      waiting = [];
      for (const group of groupsOf(calls, requests)) {
        const isPlain = group.length === 1 && !group.some(({ operation }) => streams(operation));
        const link = isPlain ? one : requests.several()(runtime);
        for (const call of group) call.send(link);
      }
    };
    return ({ op, next }) =>
      observable((observer) => {
        const operation = { ...op, input: op.input === undefined ? undefined : writeValue(op.input) };
        let leave: (() => void) | undefined;
        const call: Waiting = {
          operation,
          alone: streams(op) || isLarge(op),
          send: (link) => {
            const sent = link({ op: operation, next }).subscribe(observer);
            leave = () => sent.unsubscribe();
          },
        };
        if (waiting.length === 0) soon(sendAll);
        waiting.push(call);
        return () => {
          waiting = waiting.filter((other) => other !== call);
          leave?.();
        };
      });
  };

interface Group {
  /** What its calls have in common. */
  readonly key: readonly unknown[];
  readonly calls: Waiting[];
  characters: number;
}

/** Calls that may share a request, together. */
function groupsOf(calls: readonly Waiting[], requests: Requests): Waiting[][] {
  const groups: Group[] = [];
  for (const call of calls) {
    const key = keyOf(call, requests);
    const characters = calls.length === 1 || call.alone ? 0 : JSON.stringify(call.operation.input ?? null).length;
    const group = groups.find(
      (other) =>
        other.calls.length < mostCalls &&
        other.characters + characters <= mostCharacters &&
        other.key.every((part, index) => part === key[index]),
    );
    group?.calls.push(call);
    if (group === undefined) groups.push({ key, characters, calls: [call] });
    else group.characters += characters;
  }
  return groups.map((group) => group.calls);
}

/** What calls must have in common. */
function keyOf({ operation, alone }: Waiting, requests: Requests): readonly unknown[] {
  const { type, signal, context } = operation;
  const { timeoutMs, traceparent } = requests.facts(operation);
  const { attempt, callerSignal = signal } = context as CallContext;
  const end = attempt === undefined ? callerSignal : attempt.callerSignal;
  return [type, end, timeoutMs, traceparent, alone ? Symbol('alone') : 'together'];
}

/** An input with bytes in it. */
const isLarge = ({ path, input }: Operation): boolean =>
  path === 'tensors.infer' || (typeof input === 'object' && input !== null && 'file' in input);

const streams = ({ path }: Operation): boolean => path.endsWith('.stream');
