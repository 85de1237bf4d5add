import { expect, it } from 'vitest';
import { answersIn } from './answers.ts';
import type { Exchange } from './exchange.ts';
import type { HostileRequest } from './hostile-request.ts';
import { judge } from './judge.ts';

const read = (text: string, heads: boolean[] = [false], isClosed = false) =>
  answersIn(Buffer.from(text), heads, isClosed).map(({ status, body }) => [status, body.toString()]);

it('answers are taken apart by length, by chunks, by the end of the connection, and without a body', () => {
  const sized = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
  const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n1\r\n!\r\n0\r\n\r\n';
  const open = 'HTTP/1.1 400 Bad\r\n\r\nrest';
  expect(read(`HTTP/1.1 100 Continue\r\n\r\n${sized}${chunked}`, [false, false])).toEqual([
    [200, 'hi'],
    [200, 'hi!'],
  ]);
  expect(read(open)).toEqual([]);
  expect(read(open, [false], true)).toEqual([[400, 'rest']]);
  expect(read(`${sized.slice(0, -2)}${sized}`, [true, false])).toEqual([
    [200, ''],
    [200, 'hi'],
  ]);
  expect(read(chunked.slice(0, -3))).toEqual([]);
});

const problem = { type: 'x', title: 'x', status: 400, detail: 'x', code: 'BAD_INPUT', requestId: 'id' };
const findings = (status: number, value: unknown, { target = '/ocr', id = 'id', warnings = '' } = {}): string[] => {
  const answer = {
    status,
    headers: {
      'content-type': 'application/json',
      'x-request-id': id,
      ...(warnings === '' ? {} : { 'x-warnings': warnings }),
    },
    body: Buffer.from(JSON.stringify(value)),
  };
  const delivery = { heads: [false], leaves: false, isGarbled: false };
  const hostile = { request: { method: 'POST', target }, delivery } as unknown as HostileRequest;
  return judge(hostile, { answers: [answer], isClosed: false, isLate: false } as unknown as Exchange);
};

it('a server that behaves gives no findings', () => {
  expect(findings(400, problem)).toEqual([]);
  expect(findings(400, { error: 'x' }, { target: '/v2/models' })).toEqual([]);
  expect(findings(400, { error: { json: { data: { problem } } } }, { target: '/trpc/a' })).toEqual([]);
  expect(findings(503, { ready: false })).toEqual([]);
  expect(findings(200, {}, { warnings: 'truncated, firstPage' })).toEqual([]);
});

it('a defect, an error of another protocol, and an id that does not match are findings', () => {
  for (const found of [
    findings(500, { ...problem, status: 500 }),
    findings(502, problem),
    findings(200, { results: [{ ok: false, error: { ...problem, type: 'urn:portico:problem:INTERNAL' } }] }),
    findings(503, { ...problem, status: 503, code: 'ENGINE_CRASHED' }),
    findings(400, { error: 'x' }),
    findings(400, problem, { target: '/v2/models' }),
    findings(400, problem, { target: '/trpc/a' }),
    findings(400, problem, { id: 'other' }),
    findings(400, { ...problem, status: 422 }),
    findings(400, problem, { id: 'a b' }),
    findings(400, problem, { warnings: 'truncated' }),
    findings(200, {}, { warnings: 'cut off,' }),
  ])
    expect(found).toHaveLength(1);
});
