import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ClosedLoopOptions } from './closed-loop.ts';
import type { LoadRequest } from './http-client.ts';
import type { OpenLoopOptions } from './open-loop.ts';
import type { LatencySummary, LoadResult } from './tally.ts';

export const usage = `Puts load on a server of this machine.
  main.js URL [--file PATH | --json TEXT] [--header 'NAME: VALUE'] [--seconds 10] [--contains TEXT]
    --clients 8 [--count N]              closed loop: each client waits for its response
    --rate PER_SECOND [--poisson]        open loop: latency counts from the moment a request was due`;

export type Command =
  | { readonly kind: 'closed'; readonly options: ClosedLoopOptions }
  | { readonly kind: 'open'; readonly options: OpenLoopOptions };

/** @throws for arguments that make no sense; the message says which. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      file: { type: 'string' },
      json: { type: 'string' },
      header: { type: 'string', multiple: true, default: [] },
      seconds: { type: 'string', default: '10' },
      contains: { type: 'string', default: '' },
      clients: { type: 'string', default: '8' },
      count: { type: 'string' },
      rate: { type: 'string' },
      poisson: { type: 'boolean', default: false },
    },
  });
  const [address, ...more] = positionals;
  if (address === undefined || more.length > 0) throw new TypeError('One URL is needed.');
  const url = new URL(address);
  const common = {
    url: url.href,
    request: request(`${url.pathname}${url.search}`, values),
    check: ({ body }: { readonly body: Buffer }) =>
      body.includes(values.contains) ? undefined : `no "${values.contains}" in ${body.subarray(0, 200).toString()}`,
    seconds: positive('seconds', values.seconds),
  };
  if (values.rate !== undefined) {
    const arrivals = values.poisson ? 'poisson' : 'constant';
    return { kind: 'open', options: { ...common, arrivals, perSecond: positive('rate', values.rate) } };
  }
  const count = values.count === undefined ? {} : { count: positive('count', values.count) };
  return { kind: 'closed', options: { ...common, ...count, clients: positive('clients', values.clients) } };
}

interface RequestValues {
  readonly file?: string | undefined;
  readonly json?: string | undefined;
  readonly header: readonly string[];
}

function request(path: string, { file, json, header }: RequestValues): LoadRequest {
  const given = header.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  if (file === undefined && json === undefined) return { method: 'GET', path, headers: Object.fromEntries(given) };
  const type = json === undefined ? 'application/octet-stream' : 'application/json';
  const body = json === undefined ? readFileSync(file ?? '') : Buffer.from(json);
  return { method: 'POST', path, headers: { 'content-type': type, ...Object.fromEntries(given) }, body };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new TypeError(`--${name} must be a number over 0, not ${text}.`);
  return value;
}

/** A load's result as lines for people. */
export function formatResult(result: LoadResult): string {
  const { sent, unsent, seconds, good, goodPerSecond, outcomes, latencyByOutcome, lag, peakInFlight } = result;
  const lines = [
    `${sent} requests in ${seconds.toFixed(1)} s, ${good} good: ${goodPerSecond.toFixed(1)} a second; at most ${peakInFlight} in flight.`,
    ...Object.entries(latencyByOutcome).map(
      ([outcome, latency]) => `${outcome}: ${outcomes[outcome]} times, ${milliseconds(latency)}`,
    ),
    `sent late by: ${milliseconds(lag)}`,
    ...result.complaints,
  ];
  if (unsent > 0) lines.push(`${unsent} arrivals were never sent: too many were in flight.`);
  return lines.join('\n');
}

const milliseconds = ({ p50, p99, p999, max }: LatencySummary): string =>
  `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, p99.9 ${p999.toFixed(2)}, max ${max.toFixed(2)} ms`;
