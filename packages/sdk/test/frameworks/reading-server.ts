import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type ServerProcess } from '../../../../apps/server/test/harness/server-process.ts';
import { samples } from '../packed/samples.ts';
import type { Project } from '../packed/project.ts';
import { startRecipeServer } from '../recipes/recipe-server.ts';
import type { RunningProgram } from '../recipes/running-program.ts';
import { startStubServer } from '../stub-server.ts';

const problem = { code: 'OVERLOADED', status: 503, detail: 'Busy.', requestId: 'request-1' };
const key = 'a-key-that-only-the-program-knows';

/** A server in somebody's framework that reads pictures and finds speech with the model server: `POST /text`, `POST /speech`. */
interface ReadingServer {
  /** Generates the project, with the recipe in it, and builds it. */
  readonly make: () => Promise<Project>;
  readonly start: (project: Project, environment: NodeJS.ProcessEnv) => Promise<RunningProgram>;
  /** The file of an upload as this server takes it. */
  readonly bodyOf: (file: Blob) => BodyInit;
  /** The segments of speech in a response of `POST /speech`. */
  readonly segmentsOf: (text: string) => unknown[];
  /** The end of a stream that fails after its first segment. */
  readonly endOfFailedStream: RegExp;
}

/** Tests what every page about a server promises, in a project of its framework's own generator. */
export function testReadingServer({ make, start, bodyOf, segmentsOf, endOfFailedStream }: ReadingServer): void {
  let project: Project;
  let server: ServerProcess;
  let site: RunningProgram;

  const startBefore = (url: string): Promise<RunningProgram> =>
    start(project, { PORT: '0', PORTICO_URL: url, PORTICO_KEY: key });

  beforeAll(async () => {
    project = await make();
    server = await startRecipeServer(project, { API_KEYS: key });
    site = await startBefore(server.url);
  }, 500_000);

  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await project?.[Symbol.asyncDispose]();
  });

  const post = (path: string, body: BodyInit | null, init: RequestInit = {}, { url } = site): Promise<Response> =>
    fetch(url + path, { method: 'POST', body, ...init });
  const sample = async (file: string): Promise<BodyInit> => bodyOf(new Blob([await readFile(join(samples, file))]));

  test('returns the text of an upload, and continues its trace', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` };
    const response = await post('/text', await sample('page.jpg'), { headers });
    expect(await response.json()).toEqual({ text: expect.stringContaining('A model is a function with opinions') });
    expect(response.status).toBe(200);
    await server.logged((line) => line['traceId'] === trace && line['path'] === '/ocr');
  });

  test('returns the message and the status of the model server for a file that cannot be read', async () => {
    const response = await post('/text', bodyOf(new Blob(['This is not a picture.'])));
    expect(await response.json()).toEqual({ code: 'UNSUPPORTED_MEDIA_TYPE', message: expect.stringMatching(/\w/) });
    expect(response.status).toBe(415);
  });

  test('rejects a request without a file', async () => {
    expect((await post('/text', null)).status).toBe(400);
  });

  test('rejects an upload over its limit', async () => {
    expect((await post('/text', bodyOf(new Blob([new Uint8Array(21 * 2 ** 20)])))).status).toBe(413);
  });

  test('streams speech, and has a status for a recording that cannot be heard', async () => {
    const response = await post('/speech', await sample('speech.flac'));
    expect(segmentsOf(await response.text())).toMatchObject([{ start: 0.802 }, { start: 4.386 }]);
    const refused = await post('/speech', bodyOf(new Blob(['This is not a recording.'])));
    expect([refused.status, await refused.json()]).toMatchObject([415, { code: 'UNSUPPORTED_MEDIA_TYPE' }]);
    expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('shows that a stream has failed after its first segment', async () => {
    const item = 'event: item\ndata: {"start":0.5,"end":1.5,"confidence":0.9}\n\n';
    const error = `event: error\ndata: ${JSON.stringify({ ...problem, code: 'ENGINE_CRASHED' })}\n\n`;
    const headers = { 'content-type': 'text/event-stream' };
    await using failing = await startStubServer({ headers, body: item + error });
    await using behind = await startBefore(failing.url);
    const response = await post('/speech', await sample('speech.flac'), {}, behind);
    expect(response.status).toBe(200);
    expect(await response.text().catch(() => 'The connection was closed.')).toMatch(endOfFailedStream);
  });

  test('stops the work for a client that closes the connection', async () => {
    const cancelled = await eventually(async () => {
      await post('/text', await sample('page.jpg'), { signal: AbortSignal.timeout(300) }).catch(() => {});
      return server.log.find((line) => line['status'] === 499);
    });
    expect(cancelled['path']).toBe('/ocr');
  }, 30_000);

  test('says when to retry, and that its client is not at fault', async () => {
    await using busy = await startStubServer({ status: 503, headers: { 'retry-after': '90' }, body: problem });
    await using behindBusy = await startBefore(busy.url);
    const overloaded = await post('/text', await sample('page.jpg'), {}, behindBusy);
    expect([overloaded.status, overloaded.headers.get('retry-after')]).toEqual([503, '90']);
    expect(await overloaded.json()).toEqual({ code: 'OVERLOADED', message: 'Busy.' });

    const unknownKey = { ...problem, code: 'UNAUTHORIZED', status: 401 };
    await using unauthorized = await startStubServer({ status: 401, body: unknownKey });
    await using behindUnauthorized = await startBefore(unauthorized.url);
    const rejected = await post('/text', await sample('page.jpg'), {}, behindUnauthorized);
    expect([rejected.status, await rejected.json()]).toEqual([502, { code: 'UNAUTHORIZED', message: 'Busy.' }]);
  });
}

export const linesOfJson = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

/** The form of an upload with one file. */
export function formOf(file: Blob): FormData {
  const form = new FormData();
  form.set('file', file, 'upload');
  return form;
}
