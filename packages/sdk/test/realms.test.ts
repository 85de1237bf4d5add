import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { toFormFile } from '../src/file-input.ts';

test.each([
  'new Uint8Array([104, 105])',
  'new Uint8Array([104, 105]).buffer',
  '({ data: new Uint8Array([104, 105]) })',
])('%s of another realm is a file', async (expression) => {
  expect(await toFormFile(runInNewContext(expression)).blob.text()).toBe('hi');
});
