import type { Operation, OperationLink, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { AppRouter } from './app-router.ts';
import type { Requests } from './requests.ts';
import type { CallContext } from './untyped.ts';

interface Waiting {
  readonly operation: Operation;
  readonly send: (link: OperationLink<AppRouter>) => void;
}

/** The server takes at most as many calls in one request. */
const mostCalls = 16;
/** Characters of the inputs of one request together: a server's limit is for the request as a whole. */
const mostCharacters = 500_000;

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
      for (const group of groupsOf(calls)) {
        const link = group.length === 1 && !streams(group[0]?.operation) ? one : requests.several()(runtime);
        for (const call of group) call.send(link);
      }
    };
    return ({ op: operation, next }) =>
      observable((observer) => {
        let leave: (() => void) | undefined;
        const call: Waiting = {
          operation,
          send: (link) => {
            const sent = link({ op: operation, next }).subscribe(observer);
            leave = () => sent.unsubscribe();
          },
        };
        if (waiting.length === 0) setTimeout(sendAll);
        waiting.push(call);
        return () => {
          waiting = waiting.filter((other) => other !== call);
          leave?.();
        };
      });
  };

const streams = (operation: Operation | undefined): boolean => operation?.path.endsWith('.stream') === true;

/** Calls that may share a request. */
function groupsOf(calls: readonly Waiting[]): Waiting[][] {
  const groups: { key: readonly unknown[]; characters: number; calls: Waiting[] }[] = [];
  for (const call of calls) {
    const key = keyOf(call.operation);
    const candidates =
      key === undefined ? [] : groups.filter((group) => group.key.every((part, index) => part === key[index]));
    const characters =
      calls.length === 1 || key === undefined ? 0 : (JSON.stringify(call.operation.input) ?? '').length;
    const group = candidates.find(
      (one) => one.calls.length < mostCalls && one.characters + characters <= mostCharacters,
    );
    if (group === undefined) groups.push({ key: key ?? [Symbol('alone')], characters, calls: [call] });
    else {
      group.calls.push(call);
      group.characters += characters;
    }
  }
  return groups.map((group) => group.calls);
}

/** What calls must have in common; undefined for one that goes alone: a stream, or an input with bytes in it. */
function keyOf(operation: Operation): readonly unknown[] | undefined {
  const { type, path, input, signal, context } = operation;
  const carriesBytes = path === 'tensors.infer' || (typeof input === 'object' && input !== null && 'file' in input);
  if (streams(operation) || carriesBytes) return undefined;
  const { attempt } = context as CallContext;
  if (attempt === undefined) return [type, signal];
  const { timeoutMs, traceparent } = attempt.facts();
  return [type, attempt.callerSignal, timeoutMs, traceparent];
}
