import { expect, it } from 'vitest';
import { DownloadError, inCache } from './errors.ts';

const failing = (code?: string) =>
  inCache('/cache', () => Promise.reject(Object.assign(new Error('broken'), code === undefined ? {} : { code })));

it.each([
  ['ENOSPC', 'There is no room left in /cache (ENOSPC). Free some, or set MODEL_CACHE_DIR to another folder.'],
  ['EDQUOT', 'There is no room left in /cache (EDQUOT). Free some, or set MODEL_CACHE_DIR to another folder.'],
  ['EROFS', 'The folder /cache cannot be written to (EROFS). Set MODEL_CACHE_DIR to another folder.'],
  ['EACCES', 'The folder /cache cannot be written to (EACCES). Set MODEL_CACHE_DIR to another folder.'],
])('%s is reported with its remedy and not retried', async (code, message) => {
  const error = await failing(code).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(DownloadError);
  expect(error).toMatchObject({ message, retryable: false });
});

it('a defect stays one', async () => {
  await expect(failing()).rejects.toThrow(/^broken$/);
});
