import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AppRouter, transformer } from '@portico/api';
import { hostileRecording } from '@portico/media/testing';
import { ModelList, type Problem, vad, type VadResult } from '@portico/schemas';
import { createPortico } from '@portico/sdk';
import { createTRPCClient, httpLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, form, post, postJson, problemOf, refusal } from './support/asking.ts';

const root = join(import.meta.dirname, '../../../..');

let server: ServerProcess;
let sample: Buffer;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'vad' });
  sample = await readFile(join(root, 'samples/speech.flac'));
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const url = (): string => `${server.url}/vad`;
const find = async (response: Response): Promise<VadResult> => {
  expect(response.status).toBe(200);
  return vad.output.parse(await response.json());
};
const count = async (response: Response): Promise<number> => (await find(response)).segments.length;

describe('POST /vad', () => {
  it('finds both sentences in a form, with parameters in its fields', async () => {
    const { durationSeconds, segments } = await find(await post(url(), form(sample, { type: 'audio/flac' })));
    expect([durationSeconds, segments.length]).toEqual([6.419, 2]);
    expect(
      await count(await post(url(), form(sample, { type: 'audio/flac', fields: { minSpeechSeconds: '2' } }))),
    ).toBe(1);
  });

  it.each(['audio/flac', 'audio/x-flac', 'application/octet-stream'])(
    'finds them in a raw body of %s',
    async (type) => {
      expect(await count(await post(`${url()}?padSeconds=0`, new Uint8Array(sample), { 'content-type': type }))).toBe(
        2,
      );
    },
  );

  it.each(['mp3', 'opus', 'ogg'])('finds them in %s, whose type is not declared', async (kind) => {
    const folder = join(import.meta.dirname, '../../../../packages/media/src/testing/files');
    const file = await readFile(join(folder, `speech.${kind}`));
    const response = await post(url(), new Uint8Array(file), { 'content-type': 'application/octet-stream' });
    expect(await count(response)).toBe(2);
  });

  it('finds them in JSON, with parameters beside it', async () => {
    const input = fileAsJson(sample, 'audio/flac');
    expect(await count(await postJson(url(), { input }))).toBe(2);
    expect(await count(await postJson(url(), { input, params: { threshold: 1 } }))).toBe(0);
  });

  it.each(['threshold=2', 'minSpeechSeconds=-1', 'minSilenceSeconds=61', 'padSeconds=much'])(
    'refuses %s',
    async (query) => {
      const path = `params.${query.split('=')[0]}`;
      expect(await refusal(await post(`${url()}?${query}`, form(sample, { type: 'audio/flac' })))).toMatchObject({
        status: 422,
        issues: [{ path }],
      });
    },
  );

  it('refuses what is no recording', async () => {
    const noSound = form(Buffer.from('no sound'), { type: 'audio/wav' });
    expect(await refusal(await post(url(), noSound))).toEqual({ status: 400, code: 'BAD_INPUT' });
    const picture = form(sample, { type: 'image/png' });
    expect(await refusal(await post(url(), picture))).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    const chance = new Uint8Array(hostileRecording('MP3 of chance', 300_000).data);
    expect(await refusal(await post(url(), chance, { 'content-type': 'audio/mpeg' }))).toMatchObject({ status: 400 });
  });

  it('refuses a recording that says that it lasts a hundred hours', async () => {
    const silence = new Uint8Array(hostileRecording('FLAC of 100 h of silence', 0).data);
    expect(await problemOf(await post(url(), silence, { 'content-type': 'audio/flac' }))).toMatchObject({
      status: 413,
      code: 'TOO_LARGE',
      detail: 'The recording lasts 100 hours; the limit is 4 hours. Cut it into shorter ones.',
    });
  });
});

it('POST /vad/batch answers in the order of the files, and one bad file fails alone', async () => {
  const data = form(sample, { type: 'audio/flac' });
  for (const bytes of [Buffer.from('no sound'), sample])
    data.append('file', new Blob([bytes as BlobPart], { type: 'audio/flac' }), 'x');
  const response = await post(`${url()}/batch`, data);
  expect(response.status).toBe(200);
  const { results } = (await response.json()) as { results: { ok: boolean; value?: VadResult; error?: Problem }[] };
  expect(results.map(({ value, error }) => value?.segments.length ?? error?.code)).toEqual([2, 'BAD_INPUT', 2]);
});

it('vad.infer answers over tRPC, and portico.vad through the SDK, what REST answers', async () => {
  const overRest = await find(await post(url(), form(sample, { type: 'audio/flac' })));
  const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${server.url}/trpc`, transformer })] });
  expect(await client.vad.infer.mutate({ file: { data: sample, mediaType: 'audio/flac' } })).toEqual(overRest);
  expect(await createPortico({ url: server.url }).vad(sample)).toEqual(overRest);
});

it('GET /models lists its parameters and weights', async () => {
  const { models } = ModelList.parse(await (await fetch(`${server.url}/models`)).json());
  expect(models).toMatchObject([
    {
      name: 'vad',
      variant: 'silero-v6',
      params: { properties: { threshold: { default: 0.5, minimum: 0, maximum: 1 } } },
      weights: [{ sha256: expect.stringMatching(/^1a153a22/) }],
    },
  ]);
});

describe('the page about finding speech', () => {
  it('shows a curl line that answers as the page says', async () => {
    const page = await readFile(join(root, 'docs/vad.md'), 'utf8');
    const block = (language: string): string =>
      new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1] ?? '';
    const command = block('sh').replace('localhost:8000', `127.0.0.1:${server.port}`);
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: root });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(block('json')));
  });

  it('lists every parameter with its default', async () => {
    const page = await readFile(join(root, 'docs/vad.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\S+) \|/gm)].map(([, name, value]) => [name, Number(value)]);
    expect(Object.fromEntries(rows)).toEqual(vad.params.parse({}));
  });
});
