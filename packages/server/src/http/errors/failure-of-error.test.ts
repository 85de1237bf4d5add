import { defectDetail, Failure } from '@portico/schemas';
import { expect, it } from 'vitest';
import { failureOfError } from './failure-of-error.ts';

it('A failure speaks for itself', () => {
  const failure = new Failure('TIMEOUT', 'Too late.');
  expect(failureOfError(failure)).toBe(failure);
});

it("What a client can bring about in Fastify's parts is his error", () => {
  const error = Object.assign(new Error('reach parts limit'), { code: 'FST_PARTS_LIMIT', statusCode: 413 });
  expect(failureOfError(error)).toMatchObject({ code: 'BAD_INPUT', cause: error });
});

it('Anything else is a defect whose message stays here', () => {
  const thrown = [new TypeError('a secret'), 'a secret', new Failure('INTERNAL', 'a secret')];
  for (const cause of thrown) {
    expect(failureOfError(cause)).toMatchObject({ code: 'INTERNAL', message: defectDetail, cause });
  }
});
