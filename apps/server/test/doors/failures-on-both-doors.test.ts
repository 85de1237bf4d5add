import { type AppRouter, transformer } from '@portico/api';
import { defectDetail, type ErrorCode, errorTable, Failure, type Problem } from '@portico/schemas';
import { createTRPCClient, httpLink, type TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail } from '@portico/server/internal/dispatch/testing/fake-engine';
import { eventually } from '../harness/server-process.ts';
import { post, problemOf } from './support/asking.ts';
import { type HttpSide, startHttpSide } from './support/http-side.ts';
import { blank } from './support/pages.ts';

let app: HttpSide;
let png: Buffer;
let retryAfter: string | null = null;

beforeAll(async () => {
  const gpu = (): never => {
    throw new TypeError('a secret that must not leave the process');
  };
  [app, png] = await Promise.all([startHttpSide({ gpu }), blank(8)]);
});
afterAll(() => app[Symbol.asyncDispose]());

const client = () =>
  createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${app.url}/trpc`,
        transformer,
        fetch: async (input, init) => {
          const response = await fetch(input, { ...init, signal: init?.signal ?? null });
          retryAfter = response.headers.get('retry-after');
          return response;
        },
      }),
    ],
  });

/** Lets the engine fail the next run. */
async function failNext(failure: Failure): Promise<void> {
  await eventually(async () => (app.engines.last.running.length > 0 ? true : undefined));
  app.engines.last.finish(fail(failure));
}

const overTrpc = (call: Promise<unknown>): Promise<Problem | undefined> =>
  call.then(
    () => undefined,
    (error: TRPCClientError<AppRouter>) => error.data?.problem,
  );

describe('A failure of the engine', () => {
  const codes: readonly ErrorCode[] = ['BAD_INPUT', 'TOO_LARGE', 'OUT_OF_MEMORY', 'ENGINE_CRASHED', 'TIMEOUT'];

  it.each(codes)('%s has the same problem over REST and over tRPC', async (code) => {
    const { status, title, retryable } = errorTable[code];
    // Only where the same request may succeed later.
    const later = retryable ? { retryAfterSeconds: 7 } : {};
    const failure = new Failure(code, 'What went wrong.', later);
    const problem = { status, title, code, detail: 'What went wrong.', ...later };
    const expected = { ...problem, type: `urn:portico:problem:${code}`, requestId: expect.any(String) };

    const asked = post(`${app.url}/ocr`, new Uint8Array(png), { 'content-type': 'image/png' });
    await failNext(failure);
    const response = await asked;
    expect(await problemOf(response)).toEqual(expected);
    expect(response.headers.get('retry-after')).toBe(retryable ? '7' : null);

    const called = overTrpc(client().ocr.infer.mutate({ file: { data: png } }));
    await failNext(failure);
    expect(await called).toEqual(expected);
    expect(retryAfter).toBe(retryable ? '7' : null);
  });

  it('INTERNAL keeps its message to itself on both doors', async () => {
    const failure = new Failure('INTERNAL', 'a secret that must not leave the process');
    const asked = post(`${app.url}/ocr`, new Uint8Array(png), { 'content-type': 'image/png' });
    await failNext(failure);
    expect(await problemOf(await asked)).toMatchObject({ status: 500, code: 'INTERNAL', detail: defectDetail });
    const called = overTrpc(client().ocr.infer.mutate({ file: { data: png } }));
    await failNext(failure);
    expect(await called).toMatchObject({ status: 500, code: 'INTERNAL', detail: defectDetail });
  });
});

describe('A defect in the gateway', () => {
  it('keeps its message to itself on both doors, and leaves it in the log', async () => {
    const response = await fetch(`${app.url}/gpu`);
    expect(await problemOf(response)).toMatchObject({ status: 500, code: 'INTERNAL', detail: defectDetail });
    expect(await overTrpc(client().status.gpu.query())).toMatchObject({ code: 'INTERNAL', detail: defectDetail });
    const defects = app.log.filter((line) => JSON.stringify(line).includes('a secret') && 'err' in line);
    expect(defects.map(({ requestId }) => requestId)).toContain(response.headers.get('x-request-id'));
    expect(defects.length).toBeGreaterThanOrEqual(2);
  });
});
