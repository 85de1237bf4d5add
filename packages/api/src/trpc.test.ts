import { defectDetail, errorCodes, errorTable, Failure, type Problem } from '@portico/schemas';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { fakeContext } from '../test/fake-context.ts';
import { appRouter } from './router.ts';
import { transformer } from './transformer.ts';
import type { ApiErrorShape, Context } from './trpc.ts';

const secret = 'password of the database';
const goodInput = { file: { data: new Uint8Array([1]) } };

interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly infer?: Context['infer'];
}

/** Calls over HTTP; resolves with the status, the error's shape and the body. */
async function call({ path = 'ocr.infer', method = 'POST', body, infer }: Call) {
  const text = body ?? JSON.stringify(transformer.serialize(goodInput));
  const response = await fetchRequestHandler({
    endpoint: '/trpc',
    router: appRouter,
    req: new Request(`http://localhost/trpc/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(method === 'POST' && { body: text }),
    }),
    createContext: () => fakeContext(infer),
  });
  const sent = await response.text();
  const { error } = JSON.parse(sent) as { error: never };
  const shape: ApiErrorShape = transformer.deserialize(error);
  return { status: response.status, shape, problem: shape.data.problem, sent };
}

const throwing =
  (thrown: unknown): Context['infer'] =>
  async () => {
    throw thrown;
  };

const sentCodes = errorCodes.filter((code) => code !== 'CANCELLED' && code !== 'INTERNAL');

test.each(sentCodes)('a failure %s has the status and the problem of its row', async (code) => {
  const { status, shape, problem } = await call({ infer: throwing(new Failure(code, 'In words.')) });
  const { status: expected, title } = errorTable[code];
  const row: Problem = {
    type: `urn:portico:problem:${code}`,
    title,
    status: expected,
    detail: 'In words.',
    code,
    requestId: 'request-1',
  };
  expect(problem).toEqual(row);
  expect(status).toBe(expected);
  expect(shape).toMatchObject({ message: 'In words.', data: { httpStatus: expected } });
});

test('the issues of a failure reach the client', async () => {
  const issues = [{ path: 'params.minConfidence', message: 'Too big' }];
  const { problem } = await call({ infer: throwing(new Failure('INVALID_PARAMETERS', 'In words.', { issues })) });
  expect(problem.issues).toEqual(issues);
});

test('when to come back reaches the client without headers', async () => {
  const { problem } = await call({ infer: throwing(new Failure('OVERLOADED', 'Full.', { retryAfterSeconds: 2 })) });
  expect(problem).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2 });
});

test.each([
  ['an Error', new Error(secret)],
  ['an Error around a failure', new Error(secret, { cause: new Failure('TIMEOUT', 'Late.') })],
  ['text', secret],
  ['an object', { message: secret }],
  [
    'a schema that the server itself did not meet',
    z
      .string()
      .refine(() => false, secret)
      .safeParse('').error,
  ],
  ['nothing', undefined],
])('%s that is thrown is a defect, and what it says stays inside', async (_name, thrown) => {
  const { status, shape, problem, sent } = await call({ infer: throwing(thrown) });
  expect(status).toBe(500);
  expect(problem).toMatchObject({ code: 'INTERNAL', status: 500, detail: defectDetail, requestId: 'request-1' });
  expect(shape.message).toBe(defectDetail);
  expect(sent).not.toMatch(secret);
  expect(sent).not.toMatch('stack');
});

test('a server in development says no more than any other', async () => {
  vi.stubEnv('NODE_ENV', 'development');
  const { sent } = await call({ infer: throwing(new Error(secret)) });
  vi.unstubAllEnvs();
  expect(sent).not.toMatch(secret);
  expect(sent).not.toMatch('stack');
});

test.each([
  [{ params: { minConfidence: 2 } }, 'params.minConfidence'],
  [{ params: { minConfidance: 0.5 } }, 'params.minConfidance'],
  [{ params: null }, 'params'],
  [{ file: { data: 'text' } }, 'file.data'],
  [{ file: undefined }, 'file'],
  [{ extra: 1 }, 'extra'],
])('%j is refused with 422, and the issue says where', async (change, path) => {
  const infer = vi.fn<Context['infer']>();
  const body = JSON.stringify(transformer.serialize({ ...goodInput, ...change }));
  const { status, problem } = await call({ body, infer });
  expect(status).toBe(422);
  expect(problem).toMatchObject({ code: 'INVALID_PARAMETERS', status: 422, requestId: 'request-1' });
  expect(problem.issues?.map((issue) => issue.path)).toEqual([path]);
  expect(problem.detail).toMatch(path);
  expect(infer).not.toHaveBeenCalled();
});

test('an unknown procedure is 404', async () => {
  const { status, problem } = await call({ path: 'orc.infer' });
  expect(status).toBe(404);
  expect(problem).toMatchObject({ code: 'NOT_FOUND', status: 404, detail: expect.stringContaining('orc.infer') });
});

test('a mutation by GET is 405', async () => {
  const { status, problem } = await call({ method: 'GET' });
  expect([status, problem.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
});

test.each([
  ['no JSON', '{'],
  ['bytes that are no text', '{"json":{"file":{"data":5}},"meta":{"values":{"file.data":[["custom","bytes"]]},"v":1}}'],
  ['an unknown kind of value', '{"json":{"file":5},"meta":{"values":{"file":[["custom","other"]]},"v":1}}'],
  ['a way into the prototype', '{"json":{"file":5},"meta":{"values":{"__proto__.a":["Date"]},"v":1}}'],
])('%s is 400', async (_name, body) => {
  const { status, problem } = await call({ body });
  expect([status, problem.code, problem.status]).toEqual([400, 'BAD_INPUT', 400]);
});
