import { expect, it } from 'vitest';
import { DownloadFailure } from './download-failure.ts';
import { onDisk } from './on-disk.ts';

const failing = (code?: string) =>
  onDisk('/cache', () => Promise.reject(Object.assign(new Error('broken'), code === undefined ? {} : { code })));

it.each([
  ['ENOSPC', 'There is no room left in /cache (ENOSPC); MODEL_CACHE_DIR may name another folder.'],
  ['EDQUOT', 'There is no room left in /cache (EDQUOT); MODEL_CACHE_DIR may name another folder.'],
  ['EROFS', 'The folder /cache cannot be written to (EROFS); MODEL_CACHE_DIR may name another one.'],
  ['EACCES', 'The folder /cache cannot be written to (EACCES); MODEL_CACHE_DIR may name another one.'],
])('%s is told with what to do about it, and another attempt is not worth its while', async (code, message) => {
  const error = await failing(code).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(DownloadFailure);
  expect(error).toMatchObject({ message, passing: false });
});

it('a defect stays one', async () => {
  await expect(failing()).rejects.toThrow(/^broken$/);
});
