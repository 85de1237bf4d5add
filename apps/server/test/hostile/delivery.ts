import type { Random } from './random.ts';
import type { HttpRequest } from './valid-requests.ts';

/** What is done on one connection, in order. */
export type Step =
  | { readonly write: Buffer }
  | { readonly pauseMs: number }
  /** Ends this side of the connection (FIN); the other may still speak. */
  | { readonly end: true }
  /** Cuts the connection (RST where bytes are unread). */
  | { readonly cut: true };

/** How a request goes over the wire. */
export interface Delivery {
  readonly how: string;
  readonly steps: readonly Step[];
  /** Whether each request that may be answered is a HEAD, whose answer has no body. */
  readonly heads: readonly boolean[];
  /** The client leaves or never ends its request, so that no answer need come. */
  readonly leaves: boolean;
  /** It is not the request of one route any more, so that its error may be of any protocol. */
  readonly isGarbled: boolean;
}

/** HTTP/1.1 without a body, to stand before or behind others. */
const health = Buffer.from('GET /health HTTP/1.1\r\nhost: portico\r\n\r\n');

export function delivered(random: Random, request: HttpRequest): Delivery {
  const way = random.weighted<
    (random: Random, request: HttpRequest) => Partial<Delivery> & Pick<Delivery, 'how' | 'steps'>
  >([
    [40, whole],
    [6, chunked],
    [4, badlyChunked],
    [5, ofWrongLength],
    [4, ofTwoLengths],
    [6, inPieces],
    [8, leaving],
    [4, leavingUnread],
    [3, halfClosed],
    [6, pipelined],
    [3, expecting],
    [3, ofAnotherVersion],
    [2, upgrading],
    [5, notHttp],
  ]);
  return { heads: [request.method === 'HEAD'], leaves: false, isGarbled: false, ...way(random, request) };
}

const write = (bytes: Buffer | string): Step => ({ write: Buffer.from(bytes as string, 'latin1') });
const pause = (pauseMs: number): Step => ({ pauseMs });

interface HeadOptions {
  readonly more?: HttpRequest['headers'];
  readonly version?: string;
}

function headOf(
  { method, target, headers }: HttpRequest,
  { more = [], version = 'HTTP/1.1' }: HeadOptions = {},
): Buffer {
  const host: HttpRequest['headers'] = headers.some(([name]) => name === 'host') ? [] : [['host', 'portico']];
  const fields = [...host, ...headers, ...more].map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${target} ${version}\r\n${fields.join('')}\r\n`, 'latin1');
}

const hasBody = ({ method, body }: HttpRequest): boolean => body.length > 0 || method === 'POST';
const lengthOf = (request: HttpRequest, change = 0): HttpRequest['headers'] =>
  hasBody(request) ? [['content-length', String(Math.max(0, request.body.length + change))]] : [];

/** A whole request in its plainest form. */
export const plain = (request: HttpRequest): Buffer =>
  Buffer.concat([headOf(request, { more: lengthOf(request) }), request.body]);

const whole = (_random: Random, request: HttpRequest) => ({ how: 'whole', steps: [write(plain(request))] });

const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
const asChunks: HttpRequest['headers'] = [['transfer-encoding', 'chunked']];

function chunked(random: Random, request: HttpRequest) {
  const { body } = request;
  const at = random.below(body.length + 1);
  const chunks = [body.subarray(0, at), body.subarray(at)].filter(({ length }) => length > 0).map(chunk);
  const end = random.pick(['0\r\n\r\n', '0\r\nx-trailer: 1\r\n\r\n', '0;extension=1\r\n\r\n']);
  const bytes = Buffer.concat([headOf(request, { more: asChunks }), ...chunks, Buffer.from(end)]);
  return { how: 'chunked', steps: [write(bytes)] };
}

function badlyChunked(random: Random, request: HttpRequest) {
  const { body } = request;
  const bad = random.pick([
    'zz\r\n',
    '-1\r\n',
    'ffffffffffffffff\r\n',
    '5\r\nab\r\n0\r\n\r\n',
    '1\nx\n0\n\n',
    '0x1\r\na\r\n',
    `${'0'.repeat(5_000)}1\r\n`,
    ';'.repeat(20_000),
  ]);
  const first = random.chance(0.5) ? [chunk(body.subarray(0, 100))] : [];
  const bytes = Buffer.concat([headOf(request, { more: asChunks }), ...first, Buffer.from(bad)]);
  return {
    how: 'badly chunked',
    steps: [write(bytes), pause(50), { end: true } as const],
    leaves: true,
    isGarbled: true,
  };
}

/** Too short a length leaves bytes that are no request; too long a one waits for bytes that never come. */
function ofWrongLength(random: Random, request: HttpRequest) {
  const change = random.pick([-1, -10, 1, 500, 10 ** 9]);
  const bytes = Buffer.concat([headOf(request, { more: lengthOf(request, change) }), request.body]);
  if (change < 0) return { how: 'length too small', steps: [write(bytes)], isGarbled: true };
  return {
    how: 'length too large',
    steps: [write(bytes), pause(random.between(0, 60)), { end: true } as const],
    leaves: true,
  };
}

/** What smugglers send. */
function ofTwoLengths(random: Random, request: HttpRequest) {
  const headers = random.pick<HttpRequest['headers']>([
    [...asChunks, ['content-length', '5']],
    [['content-length', '5'], ...asChunks],
    [
      ['content-length', '5'],
      ['content-length', '6'],
    ],
    [['content-length', '5, 5']],
    [['transfer-encoding', 'xchunked']],
    [
      ['transfer-encoding', 'chunked, identity'],
      ['content-length', '3'],
    ],
    [
      ['transfer-encoding', ' chunked'],
      ['transfer-encoding', 'gzip'],
    ],
    [['content-length ', '5']],
    [['content-length', '+5']],
    [['content-length', '5\u000b']],
    [['content-length', '18446744073709551617']],
  ]);
  const smuggled = Buffer.concat([Buffer.from('0\r\n\r\n'), health]);
  const bytes = Buffer.concat([headOf(request, { more: headers }), smuggled]);
  return {
    how: 'two lengths',
    steps: [write(bytes), pause(50), { end: true } as const],
    leaves: true,
    isGarbled: true,
  };
}

function inPieces(random: Random, request: HttpRequest) {
  const bytes = plain(request);
  const cuts = Array.from({ length: random.between(1, 6) }, () => random.below(bytes.length + 1)).sort((a, b) => a - b);
  const pieces = [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
  return { how: 'in pieces', steps: pieces.flatMap((piece) => [write(piece), pause(random.below(40))]) };
}

/** Gone somewhere between the first byte and the last. */
function leaving(random: Random, request: HttpRequest) {
  const bytes = plain(request);
  const sent = bytes.subarray(0, random.below(bytes.length + 1));
  const exit = random.chance(0.5) ? ({ cut: true } as const) : ({ end: true } as const);
  return { how: 'leaves early', steps: [write(sent), pause(random.below(120)), exit], leaves: true };
}

const leavingUnread = (random: Random, request: HttpRequest) => ({
  how: 'leaves before the answer',
  steps: [write(plain(request)), pause(random.pick([0, 1, 5, 30, 200])), { cut: true } as const],
  leaves: true,
});

const halfClosed = (_random: Random, request: HttpRequest) => ({
  how: 'half closed',
  steps: [write(plain(request)), { end: true } as const],
  leaves: true,
});

function pipelined(random: Random, request: HttpRequest) {
  const before = random.between(0, 4);
  const after = random.between(before === 0 ? 1 : 0, 4);
  const bytes = [
    ...Array.from({ length: before }, () => health),
    plain(request),
    ...Array.from({ length: after }, () => health),
  ];
  const heads = bytes.map((_, index) => index === before && request.method === 'HEAD');
  const isCut = random.chance(0.4);
  const steps = isCut
    ? [write(Buffer.concat(bytes)), pause(random.below(30)), { cut: true } as const]
    : [write(Buffer.concat(bytes))];
  return { how: 'pipelined', steps, heads, leaves: isCut, isGarbled: true };
}

function expecting(random: Random, request: HttpRequest) {
  const expectation = random.pick(['100-continue', '100-Continue', '200-ok', '', '100-continue, x']);
  const head = headOf(request, { more: [...lengthOf(request), ['expect', expectation]] });
  const isSent = random.chance(0.7);
  const rest: Step[] = isSent ? [write(request.body)] : [{ cut: true }];
  return { how: `expects ${expectation}`, steps: [write(head), pause(random.below(60)), ...rest], leaves: !isSent };
}

function ofAnotherVersion(random: Random, request: HttpRequest) {
  const version = random.pick([
    'HTTP/1.0',
    'HTTP/1.0',
    'HTTP/0.9',
    'HTTP/1.2',
    'HTTP/2.0',
    'HTTP/9.9',
    'http/1.1',
    'HTTP/1.1 ',
    '',
  ]);
  const bytes = Buffer.concat([headOf(request, { more: lengthOf(request), version }), request.body]);
  return { how: `version ${version}`, steps: [write(bytes)], isGarbled: version !== 'HTTP/1.0' };
}

function upgrading(random: Random, request: HttpRequest) {
  const to = random.pick(['websocket', 'h2c', 'TLS/1.2', 'x']);
  const more = [
    ...lengthOf(request),
    ['connection', 'upgrade'],
    ['upgrade', to],
    ['sec-websocket-key', 'eA=='],
    ['http2-settings', ''],
  ] as const;
  return { how: `upgrade to ${to}`, steps: [write(Buffer.concat([headOf(request, { more }), request.body]))] };
}

function notHttp(random: Random, request: HttpRequest) {
  const bytes = random.weighted<() => Buffer>([
    [2, () => random.bytes(random.between(1, 2_000))],
    [1, () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    [1, () => Buffer.from('160301020001fc0303', 'hex')],
    [1, () => Buffer.from('\r\n'.repeat(random.pick([1, 50, 20_000])))],
    [1, () => Buffer.from(plain(request).toString('latin1').replaceAll('\r\n', '\n'), 'latin1')],
    [1, () => Buffer.from(plain(request).toString('latin1').replace(': ', ' : '), 'latin1')],
    [1, () => Buffer.from(plain(request).toString('latin1').replace('\r\n', '\r\n folded: 1\r\n'), 'latin1')],
    [1, () => Buffer.from(plain(request).toString('latin1').replace('host', 'ho\u0000st'), 'latin1')],
    [1, () => Buffer.from('*1\r\n$4\r\nPING\r\n')],
    [1, () => Buffer.from(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\n\r\n`)],
  ])();
  return { how: 'no HTTP', steps: [write(bytes), pause(40), { end: true } as const], leaves: true, isGarbled: true };
}
