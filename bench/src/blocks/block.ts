import { setTimeout as sleep } from 'node:timers/promises';
import { cpuBetween, serverUsage, type ServerUsage } from '@portico/measure/server-usage';
import type { SocketResult } from '@portico/measure/sockets/socket-loop';
import { median } from '../report.ts';
import type { SocketRequest } from '../requests.ts';
import { type Generator, manyConnections } from './generator.ts';

/** A server that runs, and a request to it. */
export interface Target {
  readonly name: string;
  readonly port: number;
  /** The process that started all others of the server. */
  readonly pid: number;
  readonly request: SocketRequest;
  /** @default 32 */
  readonly connections?: number;
}

/** What a server did with one load: rates, milliseconds of latency, and milliseconds of CPU a request. */
export interface Block {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly gatewayCpu: number;
  readonly enginesCpu: number;
  readonly totalCpu: number;
  /** Bytes of all processes, what they share counted once. */
  readonly memory: number;
}

/** Connections end and garbage is collected between two blocks. */
const settleMs = 200;
const warmUpRequests = 10_000;
const maxWarmUpMs = 8_000;

/**
 * Puts load on a server for some seconds.
 *
 * @throws when a response was not as it must be.
 */
export async function measureBlock(generator: Generator, target: Target, seconds: number): Promise<Block> {
  const before = await serverUsage(target.pid);
  const { port, request, connections = manyConnections } = target;
  const result = await generator.run({ port, messages: request.messages, connections, seconds });
  const after = await serverUsage(target.pid);
  checkResult(target, result);
  await sleep(settleMs);
  return blockOf(result, before, after);
}

/**
 * Puts load on a server until it is as fast as it gets: V8 optimizes what has run some thousand times, and until then a request
 * costs several times as much.
 */
export async function warmUp(generator: Generator, target: Target): Promise<void> {
  const { port, request, connections = manyConnections } = target;
  const until = performance.now() + maxWarmUpMs;
  let sent = 0;
  while (sent < warmUpRequests && performance.now() < until) {
    const load = { port, messages: request.messages, connections, seconds: 1 };
    const result = await generator.run(load);
    checkResult(target, result);
    sent += result.good;
  }
  await sleep(settleMs);
}

/** The medians of several blocks, each figure for itself. */
export function medianBlock(blocks: readonly Block[]): Block {
  const middle = (figure: keyof Block): number => median(blocks.map((block) => block[figure]));
  return {
    perSecond: middle('perSecond'),
    p50: middle('p50'),
    p99: middle('p99'),
    gatewayCpu: middle('gatewayCpu'),
    enginesCpu: middle('enginesCpu'),
    totalCpu: middle('totalCpu'),
    memory: middle('memory'),
  };
}

function blockOf({ good, seconds, latency }: SocketResult, before: ServerUsage, after: ServerUsage): Block {
  const cpu = cpuBetween(before, after);
  return {
    perSecond: good / seconds,
    p50: latency.p50,
    p99: latency.p99,
    gatewayCpu: cpu.gateway / good,
    enginesCpu: cpu.engines / good,
    totalCpu: cpu.total / good,
    memory: after.total.proportionalBytes,
  };
}

function checkResult({ name, request }: Target, { good, outcomes, bodies }: SocketResult): void {
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  if (good === 0 || good < all) throw new Error(`${name}: not every response was 200: ${JSON.stringify(outcomes)}`);
  for (const body of bodies) {
    const complaint = request.check(Buffer.from(body));
    if (complaint !== undefined) throw new Error(`${name}: ${complaint}`);
  }
}
