import { defectDetail, Failure } from '@portico/schemas';
import { expect, it } from 'vitest';
import { toFailure } from './error-response.ts';

it('A failure speaks for itself', () => {
  const failure = new Failure('TIMEOUT', 'Too late.');
  expect(toFailure(failure)).toBe(failure);
});

it('A response that ends because its client has left is no defect', () => {
  const error = Object.assign(new Error('Premature close'), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  expect(toFailure(error)).toMatchObject({ code: 'CANCELLED', cause: error });
});

it("What a client can cause in Fastify's plugins is the client's error", () => {
  const error = Object.assign(new Error('empty'), { code: 'FST_ERR_CTP_EMPTY_JSON_BODY', statusCode: 400 });
  expect(toFailure(error)).toMatchObject({ code: 'BAD_INPUT', cause: error });
});

it('Anything else is a defect whose message stays here', () => {
  const thrown = [new TypeError('a secret'), 'a secret', new Failure('INTERNAL', 'a secret')];
  for (const cause of thrown) {
    expect(toFailure(cause)).toMatchObject({ code: 'INTERNAL', message: defectDetail, cause });
  }
});
