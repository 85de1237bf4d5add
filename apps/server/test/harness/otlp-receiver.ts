import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { eventually } from './server-process.ts';

/** A span as it arrived. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  /** Nanoseconds since 1970. */
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  /** Ids of the spans that it is linked to. */
  readonly links: readonly string[];
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  /** Attributes of what sent it. */
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** The spans of a trace, once there are so many. */
  trace(traceId: string, count: number): Promise<readonly ReceivedSpan[]>;
}

/** Takes spans as a collector does, over OTLP/HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      try {
        spans.push(...(await receive(request)));
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      } catch (error) {
        response.writeHead(400).end(String(error));
      }
    };
    void answer();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    trace: (traceId, count) =>
      eventually(async () => {
        const found = spans.filter((span) => span.traceId === traceId);
        return found.length >= count ? found : undefined;
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function receive(request: IncomingMessage): Promise<ReceivedSpan[]> {
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  if (request.method !== 'POST' || request.url !== '/v1/traces' || type !== 'application/x-protobuf')
    throw new Error(`${request.method} ${request.url} ${type}`);
  const body = await buffer(request);
  return spansOf(encoding === 'gzip' ? await promisify(gunzip)(body) : body);
}

// opentelemetry/proto/collector/trace/v1/trace_service.proto, version 1: numbers of fields.

function spansOf(request: Buffer): ReceivedSpan[] {
  return messages(request, 1).flatMap((resourceSpans) => {
    const resource = attributesOf(messages(resourceSpans, 1).flatMap((found) => messages(found, 1)));
    return messages(resourceSpans, 2).flatMap((scope) => messages(scope, 2).map((span) => spanOf(span, resource)));
  });
}

function spanOf(span: Buffer, resource: ReceivedSpan['resource']): ReceivedSpan {
  const fields = fieldsOf(span);
  const bytes = (number: number): Buffer =>
    (fields.find((one) => one.number === number)?.value ?? Buffer.of()) as Buffer;
  const integer = (number: number): bigint => (fields.find((one) => one.number === number)?.value ?? 0n) as bigint;
  const statusOf = (status: Buffer): number => Number(fieldsOf(status).find(({ number }) => number === 3)?.value ?? 0);
  return {
    traceId: bytes(1).toString('hex'),
    spanId: bytes(2).toString('hex'),
    parentId: bytes(4).toString('hex'),
    name: bytes(5).toString(),
    kind: Number(integer(6)),
    start: integer(7),
    end: integer(8),
    attributes: attributesOf(messages(span, 9)),
    events: messages(span, 11).flatMap((event) => messages(event, 2).map(String)),
    links: messages(span, 13).flatMap((link) => messages(link, 2).map((id) => id.toString('hex'))),
    status: Math.max(0, ...messages(span, 15).map(statusOf)),
    resource,
  };
}

const attributesOf = (pairs: readonly Buffer[]): Record<string, unknown> =>
  Object.fromEntries(
    pairs.map((pair) => [String(messages(pair, 1)[0]), valueOf(messages(pair, 2)[0] ?? Buffer.of())] as const),
  );

function valueOf(value: Buffer): unknown {
  const [field] = fieldsOf(value);
  if (field === undefined) return undefined;
  const { number, value: found } = field;
  if (number === 5) return messages(found as Buffer, 1).map(valueOf);
  if (number === 4) return toDouble(found as bigint);
  return number === 1 ? String(found) : Number(found);
}

function toDouble(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}

/** The values of a field that holds messages, texts or bytes. */
const messages = (message: Buffer, number: number): Buffer[] =>
  fieldsOf(message).flatMap((field) => (field.number === number ? (field.value as Buffer) : []));

interface Field {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** The fields of a message. https://protobuf.dev/programming-guides/encoding/ */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const key = Number(varint());
    const type = key & 7;
    if (![0, 1, 2, 5].includes(type)) throw new Error(`wire type ${type}`);
    const value =
      type === 0
        ? varint()
        : type === 1
          ? take(8).readBigUInt64LE()
          : type === 5
            ? BigInt(take(4).readUInt32LE())
            : take(Number(varint()));
    fields.push({ number: key >> 3, value });
  }
  return fields;
}
