import { expect, it } from 'vitest';
import { type CallsRequest, isBatch, largeParts } from './calls.ts';

const queries: [query: string, batch: boolean][] = [
  ['', false],
  ['?batch=1', true],
  ['?batch=1&batch=0', true],
  ['?batch=0&batch=1', false],
  ['?a=?&batch=1', true],
  ['?b%61tch=%31', true],
  ['?batch=1#', true],
  ['?batch=1;a', false],
  ['#?batch=1', false],
];

it.each(queries)('%s is a batch as it is to tRPC: %s', (query, batch) => {
  const url = `/trpc/tensors.infer${query}`;
  expect(new URL(url, 'http://localhost').searchParams.get('batch') === '1').toBe(batch);
  expect(isBatch(url)).toBe(batch);
});

it('the large parts are where the calls are', () => {
  const request = { url: '/trpc/tensors.infer?batch=1&batch=0', params: { path: 'tensors.infer' } };
  const { files } = largeParts(
    { models: new Map() } as never,
    { ...request, query: { batch: ['1', '0'] } } as unknown as CallsRequest,
  );
  expect(files).toEqual([['0', 'json', 'inputs', '*', 'data']]);
});
