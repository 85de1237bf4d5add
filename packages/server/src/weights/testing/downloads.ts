import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { downloadWeights, type RetryOptions } from '../download/download.ts';
import { type Responder, serveWeights } from './weights-server.ts';

export const bytes = randomBytes(200_000);
export const other = randomBytes(200_000);
export const sha256Of = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
export const sha256 = sha256Of(bytes);
export const retry: RetryOptions = { stallTimeoutMs: 300, initialDelayMs: 10, maxDelayMs: 2_000, maxRetries: 3 };

export let cacheDirectory: string;
export let progress: string[];
export let warnings: string[];
beforeEach(async () => {
  vi.stubEnv('no_proxy', '127.0.0.1');
  cacheDirectory = await mkdtemp(join(tmpdir(), 'portico-downloads-'));
  progress = [];
  warnings = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cacheDirectory, { recursive: true });
});

export const options = () => ({
  cacheDirectory,
  retry,
  progress: ({ detail }: { readonly detail: string }) => void progress.push(detail),
  warn: (text: string) => void warnings.push(text),
});
export const get = (url: string, expected = sha256) =>
  downloadWeights({ kind: 'download', url, sha256: expected }, options());
export const getUnknown = (url: string) => downloadWeights({ kind: 'download', url }, options());

/** Partial files that are still there. */
export const leftovers = async (): Promise<string[]> =>
  (await readdir(join(cacheDirectory, 'weights'))).filter((name) => name.endsWith('.part'));

/** Downloads from a server with these responders; returns how many requests it received. */
export async function getFrom(...responders: readonly Responder[]): Promise<number> {
  await using server = await serveWeights(...responders);
  const { path } = await get(`${server.url}/net.onnx`);
  expect((await readFile(path)).equals(bytes)).toBe(true);
  expect(await leftovers()).toEqual([]);
  return server.requests.length;
}

/** Fails to download from a server with these responders; returns why, and how many requests it received. */
export async function failureFrom(...responders: readonly Responder[]): Promise<{ message: string; requests: number }> {
  await using server = await serveWeights(...responders);
  const error = await get(`${server.url}/net.onnx`).then(
    () => expect.fail('it was downloaded'),
    (error: Error) => error,
  );
  expect(error.message).toContain(`${server.url}/net.onnx`);
  expect(await leftovers()).toEqual([]);
  return { message: error.message, requests: server.requests.length };
}
