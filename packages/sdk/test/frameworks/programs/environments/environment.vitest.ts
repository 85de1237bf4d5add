import { expect, test } from 'vitest';
import { callEverything, type Place } from './call-everything.ts';

const place = JSON.parse(process.env['PLACE'] ?? '') as Place;

test('everything works with the fetch of the environment', async () => {
  expect(await callEverything(place)).toEqual({});
});

test("everything works with Node's fetch beside the environment's globals", async () => {
  const { fetch } = await import('undici');
  expect(await callEverything({ ...place, fetch: fetch as never })).toEqual({});
});
