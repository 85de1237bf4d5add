import { METHODS } from 'node:http';
import { Problem } from '@portico/schemas';
import type { Answer } from './answers.ts';
import type { Exchange } from './exchange.ts';
import type { HostileRequest } from './hostile-request.ts';

/** A client may get these; the next one is served. */
const unavailable = new Set(['NOT_READY', 'OVERLOADED', 'OUT_OF_MEMORY']);

/** What is wrong with how the server took a bad request; nothing, as a rule. */
export function judge({ request, delivery }: HostileRequest, result: Exchange): string[] {
  const { answers, isClosed, isLate } = result;
  const path = request.target.replace(/^https?:\/\/[^/?#]*/i, '').split('?', 1)[0] ?? '';
  // The parser refuses a method that it does not know before it has a path, and hands CONNECT over without one.
  const hasRoute = METHODS.includes(request.method) && request.method !== 'CONNECT' && !delivery.isGarbled;
  const formats = hasRoute ? [formatOf(path)] : allFormats;
  const findings = answers.flatMap((answer) => judgeAnswer(answer, formats));
  if (delivery.leaves) return findings;
  if (isLate) findings.push(`no answer within the deadline: ${answers.length} of ${delivery.heads.length}`);
  // Of several requests on one connection, the last ones may fall to a refusal that closes it.
  if (isClosed && answers.length === 0) findings.push('closed without an answer');
  return findings;
}

type Format = 'problem' | 'tRPC' | 'v2';
const allFormats: readonly Format[] = ['problem', 'tRPC', 'v2'];

const formatOf = (path: string): Format =>
  /^\/trpc(\/|$)/.test(path) ? 'tRPC' : /^\/(v2|v1\/models)(\/|$)/.test(path) ? 'v2' : 'problem';

function judgeAnswer({ status, headers, body }: Answer, formats: readonly Format[]): string[] {
  const id = headers['x-request-id'];
  // In an item of a batch or an event of a stream, too.
  const defect = isDocument(body)
    ? null
    : /urn:portico:problem:(?:INTERNAL|ENGINE_CRASHED)/.exec(body.toString('latin1'));
  if (defect !== null) return [`${status} with ${defect[0]}: ${excerpt(body)}`];
  if (status === 500) return [`500: ${excerpt(body)}`];
  if (id === undefined || !/^[\w.:-]{1,128}$/.test(id)) return [`${status} with x-request-id ${id}: ${excerpt(body)}`];
  const warnings = headers['x-warnings'];
  if (warnings !== undefined && !(status === 200 && /^[a-z]\w*(, [a-z]\w*)*$/.test(warnings)))
    return [`${status} with x-warnings ${warnings}: ${excerpt(body)}`];
  if (status > 500 && status !== 503 && status !== 504) return [`${status}: ${excerpt(body)}`];
  const type = headers['content-type'] ?? '';
  const isCompressed = headers['content-encoding'] !== undefined;
  const isJson = /^application\/(problem\+)?json\b/.test(type) && body.length > 0 && !isCompressed;
  if (!isJson) return status >= 400 && body.length > 0 ? [`${status} as ${type}: ${excerpt(body)}`] : [];
  let value: unknown;
  try {
    value = parsed(body.toString('utf8'));
  } catch {
    return [`${status} with what is no JSON: ${excerpt(body)}`];
  }
  // Not ready is what /ready and its like are asked for.
  if (status < 400 || (status === 503 && isStatus(value))) return [];
  if (isOfParser(value)) return [];
  const mistakes = formats.map((format) => errorMistake(value, format, { status, id }));
  const [first] = mistakes;
  return mistakes.includes(undefined) ? [] : [`${status}: ${first}: ${excerpt(body)}`];
}

/** The OpenAPI document, in JSON or YAML, which has an example of every error. */
const isDocument = (body: Buffer): boolean => /^(\{"openapi":"|openapi: )3/.test(body.toString('latin1', 0, 20));

/** A batch of tRPC calls may be answered in lines (`application/jsonl`), under the type of JSON. */
const parsed = (text: string): unknown =>
  text.startsWith('{"json":{"0":[[0]')
    ? text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown)[0]
    : JSON.parse(text);

const isStatus = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('ready' in value || 'models' in value);

/** The parser refuses a head before anybody looks at its path. */
const isOfParser = (value: unknown): boolean => {
  const { code, detail } = (value ?? {}) as Partial<Problem>;
  return code === 'HEADERS_TOO_LARGE' || (code === 'BAD_INPUT' && detail === 'The request is not valid HTTP.');
};

/** What is wrong with an error in this format, if anything. */
function errorMistake(value: unknown, format: Format, answer: { status: number; id: string }): string | undefined {
  if (format === 'v2') {
    const { error } = (value ?? {}) as { error?: unknown };
    return typeof error === 'string' ? undefined : 'not an error of /v2';
  }
  if (format === 'problem') return problemMistake(value, answer, true);
  const calls = [value].flat() as { error?: { json?: { data?: { problem?: unknown } } } }[];
  // In a batch some may have been answered.
  const failed = calls.filter((call) => call?.error !== undefined);
  if (failed.length === 0) return 'no error of tRPC';
  const isOne = calls.length === 1;
  return failed
    .map((call) => problemMistake(call.error?.json?.data?.problem, answer, isOne))
    .find((mistake) => mistake);
}

function problemMistake(
  value: unknown,
  { status, id }: { status: number; id: string },
  isOne: boolean,
): string | undefined {
  const { success, data } = Problem.safeParse(value);
  if (!success) return 'no problem';
  if (isOne && data.status !== status) return `the problem says ${data.status}`;
  if (data.requestId !== id) return 'the problem has another request id';
  if (data.status === 503 && !unavailable.has(data.code)) return data.code;
  return undefined;
}

const excerpt = (body: Buffer): string => body.toString('latin1', 0, 300);
