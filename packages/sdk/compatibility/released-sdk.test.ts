import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServingProcess, startServing } from '../test/serving-process.ts';
import { releasedContract, releasedFolder } from './release.ts';

/** What programs written for the last release use. */
interface ReleasedSdk {
  createPortico(options: { url: string; timeoutMs?: number }): ReleasedPortico;
  isPorticoError(error: unknown, code?: string): boolean;
}

interface ReleasedPortico {
  ocr(file: Uint8Array, params?: object, options?: ReleasedOptions): Promise<{ text: string; lines: ReleasedLine[] }>;
  vad(file: Uint8Array, params?: object): Promise<{ durationSeconds: number; segments: ReleasedSegment[] }>;
  segment(file: Uint8Array): Promise<unknown>;
  ready(): Promise<{ status: string; models: { name: string; replicas: { ready: number } }[] }>;
  readonly trpc: {
    vad: { stream: { mutate(input: object, options?: object): Promise<AsyncIterable<ReleasedSegment>> } };
    ocr: { infer: { mutate(input: object): Promise<{ text: string }> } };
    models: { list: { query(): Promise<{ models: { name: string }[] }> } };
    status: { gpu: { query(): Promise<{ available: boolean }> } };
  };
}

interface ReleasedOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

interface ReleasedLine {
  readonly text: string;
  readonly confidence: number;
  readonly polygon: readonly { readonly x: number; readonly y: number }[];
}

interface ReleasedSegment {
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
}

/** The SDK as it was built for the last release. */
const releasedSdk = async (): Promise<ReleasedSdk> =>
  (await import(pathToFileURL(join(releasedFolder, 'sdk.js')).href)) as ReleasedSdk;

/** The built server of this tree with these models. */
const startCurrentServer = (models: string): Promise<ServingProcess> =>
  startServing('dist/main.js', {
    MODEL_NAME: models,
    DEVICE: 'cpu',
    MODEL_CACHE_DIR: join(tmpdir(), 'portico-compatibility'),
  });

const sample = (name: string): Promise<Uint8Array> => readFile(join(import.meta.dirname, '../../../samples', name));

describe(`the SDK of release ${releasedContract().version} at the server of this tree`, () => {
  let server: ServingProcess;
  let sdk: ReleasedSdk;
  let portico: ReleasedPortico;

  beforeAll(async () => {
    [server, sdk] = await Promise.all([startCurrentServer('ocr,vad'), releasedSdk()]);
    portico = sdk.createPortico({ url: server.url });
  }, 120_000);

  afterAll(() => server[Symbol.asyncDispose]());

  const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
    const error: unknown = await call.then(
      () => 'no error',
      (reason: unknown) => reason,
    );
    return sdk.isPorticoError(error) ? { ...(error as object), message: (error as Error).message } : error;
  };

  test('reads a page', async () => {
    const { text, lines } = await portico.ocr(await sample('page.jpg'), { minConfidence: 0.7 });
    expect(text).toContain('A model is a function with opinions');
    expect(lines[0]?.polygon).toHaveLength(4);
    expect(lines.every(({ confidence }) => confidence >= 0.7)).toBe(true);
  }, 60_000);

  test('reads a page over tRPC', async () => {
    const { text } = await portico.trpc.ocr.infer.mutate({ file: { data: await sample('page.jpg') } });
    expect(text).toContain('A model is a function with opinions');
  }, 60_000);

  test('reads the segments of a recording as they are found, the same as in the output', async () => {
    const data = await sample('speech.flac');
    const { segments } = await portico.vad(data);
    const streamed = [];
    for await (const segment of await portico.trpc.vad.stream.mutate({ file: { data } })) streamed.push(segment);
    expect(streamed).toEqual(segments);
    expect(segments.length).toBeGreaterThan(1);
  }, 60_000);

  test('reads that the server is ready, its models and its GPUs', async () => {
    const { status, models } = await portico.ready();
    expect([status, models.map(({ name }) => name)]).toEqual(['ready', ['ocr', 'vad']]);
    expect(models.every(({ replicas }) => replicas.ready === 1)).toBe(true);
    expect((await portico.trpc.models.list.query()).models.map(({ name }) => name)).toEqual(['ocr', 'vad']);
    expect(typeof (await portico.trpc.status.gpu.query()).available).toBe('boolean');
  });

  test('gets an issue for each wrong parameter', async () => {
    const page = await sample('page.jpg');
    expect(await codeOf(portico.ocr(page, { minConfidence: 2, words: 'perhaps' }))).toMatchObject({
      code: 'INVALID_PARAMETERS',
      status: 422,
      retryable: false,
      issues: expect.arrayContaining([
        expect.objectContaining({ path: 'params.minConfidence' }),
        expect.objectContaining({ path: 'params.words' }),
      ]),
    });
    expect(await codeOf(portico.ocr(page, { minConfidance: 0.5 }))).toMatchObject({
      code: 'INVALID_PARAMETERS',
      issues: [{ path: 'params.minConfidance', message: 'Unknown parameter' }],
    });
  });

  test('maps problems to its errors', async () => {
    const wrong = Object.assign(new Uint8Array(64), [1, 2, 3]);
    expect(await codeOf(portico.ocr(wrong))).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', status: 415 });
    expect(await codeOf(portico.ocr((await sample('page.jpg')).slice(0, 2_000)))).toMatchObject({
      code: 'BAD_INPUT',
      status: 400,
      requestId: expect.stringMatching(/./),
    });
    expect(await codeOf(portico.segment(await sample('page.jpg')))).toMatchObject({ code: 'NOT_FOUND', status: 404 });
    expect(await codeOf(portico.ocr(new Uint8Array(21 * 1024 * 1024)))).toMatchObject({
      code: 'TOO_LARGE',
      status: 413,
    });
  }, 60_000);

  test('times out, and can be aborted', async () => {
    const page = await sample('page.jpg');
    expect(await codeOf(portico.ocr(page, {}, { timeoutMs: 5 }))).toMatchObject({ code: 'TIMEOUT' });
    const aborting = portico.ocr(page, {}, { signal: AbortSignal.timeout(30) });
    expect(await codeOf(aborting)).toMatchObject({ code: 'ABORTED' });
    expect((await portico.ocr(page)).lines.length).toBeGreaterThan(1);
  }, 60_000);
});
