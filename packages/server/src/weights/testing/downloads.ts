import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { downloadWeights } from '../download/download-weights.ts';
import { type Answer, serveWeights } from './weights-server.ts';

export const bytes = randomBytes(200_000);
export const other = randomBytes(200_000);
export const sha256Of = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
export const sha256 = sha256Of(bytes);
export const patience = {
  stallMs: 300,
  initialDelayMs: 10,
  maxDelayMs: 2_000,
  attempts: 4,
};

export let cacheDirectory: string;
export let told: string[];
export let warnings: string[];
beforeEach(async () => {
  vi.stubEnv('no_proxy', '127.0.0.1');
  cacheDirectory = await mkdtemp(join(tmpdir(), 'portico-downloads-'));
  told = [];
  warnings = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cacheDirectory, { recursive: true });
});

export const options = () => ({
  cacheDirectory,
  patience,
  progress: (detail: string) => void told.push(detail),
  warn: (text: string) => void warnings.push(text),
});
export const get = (url: string, expected = sha256) =>
  downloadWeights({ kind: 'download', url, sha256: expected }, options());
export const getUnknown = (url: string) => downloadWeights({ kind: 'download', url }, options());

/** Files that no download has finished. */
export const leftovers = async (): Promise<string[]> =>
  (await readdir(join(cacheDirectory, 'weights'))).filter((name) => name.endsWith('.part'));

/** Asks a server that answers so, and tells how often it was asked. */
export async function getFrom(...answers: readonly Answer[]): Promise<number> {
  await using server = await serveWeights(...answers);
  const { path } = await get(`${server.url}/net.onnx`);
  expect((await readFile(path)).equals(bytes)).toBe(true);
  expect(await leftovers()).toEqual([]);
  return server.asked.length;
}

/** Why nothing came of it, and how often the server was asked. */
export async function failureFrom(...answers: readonly Answer[]): Promise<{ message: string; asked: number }> {
  await using server = await serveWeights(...answers);
  const error = await get(`${server.url}/net.onnx`).then(
    () => expect.fail('it was downloaded'),
    (error: Error) => error,
  );
  expect(error.message).toContain(`${server.url}/net.onnx`);
  expect(await leftovers()).toEqual([]);
  return { message: error.message, asked: server.asked.length };
}
