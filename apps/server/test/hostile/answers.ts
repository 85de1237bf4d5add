/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; of a header that comes twice, the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Parsed {
  readonly answer: Answer;
  readonly length: number;
}

/**
 * The complete answers in what a connection has received; interim ones (1xx) are skipped.
 * @param heads for each request whether it was a HEAD.
 * @param isClosed the server has closed the connection, which ends a body without length.
 */
export function answersIn(received: Buffer, heads: readonly boolean[], isClosed: boolean): Answer[] {
  const answers: Answer[] = [];
  let rest = received;
  for (;;) {
    const parsed = nextAnswer(rest, heads[answers.length] ?? false, isClosed);
    if (parsed === undefined) return answers;
    if (parsed.answer.status >= 200 || parsed.answer.status === 101) answers.push(parsed.answer);
    rest = rest.subarray(parsed.length);
  }
}

function nextAnswer(bytes: Buffer, isHead: boolean, isClosed: boolean): Parsed | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [line = '', ...fields] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const pairs = fields.map((field): [string, string] => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  const headers: Record<string, string> = Object.fromEntries(pairs);
  const status = Number(line.split(' ')[1]);
  const start = headEnd + 4;
  const done = (body: Buffer, length: number): Parsed => ({ answer: { status, headers, body }, length });
  if (isHead || status < 200 || status === 204 || status === 304) return done(Buffer.alloc(0), start);
  if (headers['transfer-encoding'] === 'chunked') {
    const chunks = chunksFrom(bytes, start);
    return chunks === undefined ? undefined : done(Buffer.concat(chunks.parts), chunks.end);
  }
  const length = headers['content-length'];
  if (length === undefined) return isClosed ? done(bytes.subarray(start), bytes.length) : undefined;
  const end = start + Number(length);
  return bytes.length < end ? undefined : done(bytes.subarray(start, end), end);
}

function chunksFrom(bytes: Buffer, start: number): { parts: Buffer[]; end: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (Number.isNaN(size) || bytes.length < next) return undefined;
    if (size === 0) return { parts, end: next };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
