import type { PorticoErrorCode } from '../../src/errors/portico-error.ts';
import type { Fault } from './fault.ts';

/** A fault, and how a call ends that meets it with every request. */
export interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
  /** Absent if the call succeeds all the same. */
  readonly error?: {
    readonly code: PorticoErrorCode;
    readonly status?: number;
    readonly requestId?: string;
    readonly retryAfterSeconds?: number;
    readonly retryable: boolean;
  };
}

const network = { code: 'NETWORK', retryable: true } as const;
const problem = {
  code: 'OVERLOADED',
  status: 503,
  title: 'Full',
  detail: 'The queue is full.',
  requestId: 'request-7',
};
const overloaded = { code: 'OVERLOADED', status: 503, requestId: 'request-7', retryable: true } as const;
const asProblem = { 'content-type': 'application/problem+json' };
const asPage = { 'content-type': 'text/html' };
const page = `<html><body><h1>503</h1>${' '.repeat(100_000)}</body></html>`;

export const faultCases: readonly FaultCase[] = [
  { name: 'a pause before the request', fault: { kind: 'delay', request: 100 } },
  { name: 'a pause before the response', fault: { kind: 'delay', response: 100 } },
  { name: 'a response in drops', fault: { kind: 'drip', bytes: 100, pause: 1 } },
  ...(['cut', 'reset'] as const).flatMap((kind): FaultCase[] => [
    { name: `${kind} before the request body`, fault: { kind, where: 'before the request body' }, error: network },
    { name: `${kind} in the request body`, fault: { kind, where: 'in the request body' }, error: network },
    { name: `${kind} before the response`, fault: { kind, where: 'before the response' }, error: network },
    { name: `${kind} after the head of the response`, fault: { kind, where: { bytes: 0 } }, error: network },
    { name: `${kind} in the response`, fault: { kind, where: { bytes: 20 } }, error: network },
  ]),
  {
    name: '503 as a problem',
    fault: { kind: 'respond', status: 503, headers: asProblem, body: JSON.stringify(problem) },
    error: overloaded,
  },
  {
    name: '503 as a problem that says when to retry',
    fault: {
      kind: 'respond',
      status: 503,
      headers: { ...asProblem, 'retry-after': '0' },
      body: JSON.stringify(problem),
    },
    error: { ...overloaded, retryAfterSeconds: 0 },
  },
  {
    name: "503 as a proxy's page",
    fault: { kind: 'respond', status: 503, headers: asPage, body: page },
    error: { code: 'NOT_READY', status: 503, retryable: true },
  },
  {
    name: "502 as a proxy's page",
    fault: { kind: 'respond', status: 502, headers: { ...asPage, 'x-request-id': 'edge-1' }, body: page },
    error: { ...network, status: 502, requestId: 'edge-1' },
  },
  {
    name: "500 as a proxy's page",
    fault: { kind: 'respond', status: 500, headers: asPage, body: page },
    error: { code: 'INTERNAL', status: 500, retryable: false },
  },
  {
    name: '200 as a page to log in to a network',
    fault: { kind: 'respond', status: 200, headers: asPage, body: page },
    error: { code: 'NETWORK', status: 200, retryable: false },
  },
  { name: 'garbage', fault: { kind: 'garbage' }, error: network },
  { name: 'silence', fault: { kind: 'silence' }, error: { code: 'TIMEOUT', retryable: false } },
];
