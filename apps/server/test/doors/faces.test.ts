import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppRouter, transformer } from '@portico/api';
import { FacesParams, FacesResult, ModelList, type Problem, Ready } from '@portico/schemas';
import { createPortico } from '@portico/sdk';
import { createTRPCClient, httpLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, form, post, postJson, refusal } from './support/asking.ts';
import { blank, page, pageText } from './support/pages.ts';

let server: ServerProcess;
let sample: Buffer;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr,faces' });
  sample = await readFile(join(import.meta.dirname, '../../../../samples/astronaut.png'));
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const url = (): string => `${server.url}/faces`;
const find = async (response: Response): Promise<FacesResult> => {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return FacesResult.parse(await response.json());
};
const count = async (response: Response): Promise<number> => (await find(response)).faces.length;

describe('POST /faces', () => {
  it('finds the face in a form, with parameters in its fields', async () => {
    const { width, height, faces } = await find(await post(url(), form(sample)));
    expect([width, height, faces.length]).toEqual([512, 512, 1]);
    expect(await count(await post(url(), form(sample, { fields: { minConfidence: '1' } })))).toBe(0);
    expect(await count(await post(url(), form(sample, { fields: { minConfidence: '0', maxFaces: '2' } })))).toBe(2);
  });

  it('finds it in a raw body, with parameters in the query', async () => {
    const headers = { 'content-type': 'image/png' };
    expect(await count(await post(url(), new Uint8Array(sample), headers))).toBe(1);
    expect(await count(await post(`${url()}?minConfidence=1`, new Uint8Array(sample), headers))).toBe(0);
  });

  it('finds it in JSON, with parameters beside it', async () => {
    const input = fileAsJson(sample, 'image/png');
    expect(await count(await postJson(url(), { input }))).toBe(1);
    expect(await count(await postJson(url(), { input, params: { minConfidence: 1 } }))).toBe(0);
  });

  it.each(['minConfidence=2', 'maxFaces=0', 'maxFaces=1.5', 'maxFaces=201'])('refuses %s', async (query) => {
    const path = `params.${query.split('=')[0]}`;
    expect(await refusal(await post(`${url()}?${query}`, form(sample)))).toMatchObject({
      status: 422,
      issues: [{ path }],
    });
  });

  it('refuses what is no picture', async () => {
    expect(await refusal(await post(url(), form(Buffer.from('no picture'))))).toEqual({
      status: 400,
      code: 'BAD_INPUT',
    });
  });
});

it('POST /faces/batch answers in the order of the files, and one bad file fails alone', async () => {
  const data = form(sample);
  for (const bytes of [Buffer.from('no picture'), await blank(64)])
    data.append('file', new Blob([bytes as BlobPart], { type: 'image/png' }), 'x');
  const response = await post(`${url()}/batch`, data);
  expect(response.status).toBe(200);
  const { results } = (await response.json()) as { results: { ok: boolean; value?: FacesResult; error?: Problem }[] };
  expect(results.map(({ value, error }) => value?.faces.length ?? error?.code)).toEqual([1, 'BAD_INPUT', 0]);
});

it('faces.infer answers over tRPC what REST answers', async () => {
  const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${server.url}/trpc`, transformer })] });
  const overRest = await find(await post(url(), form(sample)));
  expect(await client.faces.infer.mutate({ file: { data: sample, mediaType: 'image/png' } })).toEqual(overRest);
  const none = await client.faces.infer.mutate({ file: { data: sample }, params: { minConfidence: 1 } });
  expect(none.faces).toEqual([]);
});

it('portico.faces answers through the SDK', async () => {
  const { faces } = await createPortico({ url: server.url }).faces(sample, { maxFaces: 1 });
  expect(faces[0]?.landmarks.leftEye.x).toBeGreaterThan(faces[0]?.landmarks.rightEye.x ?? Infinity);
});

describe('A server of two models', () => {
  it('is ready with both, and reads text as before', async () => {
    const ready = Ready.parse(await (await fetch(`${server.url}/ready`)).json());
    expect(ready.models).toMatchObject([{ name: 'ocr' }, { name: 'faces', variant: 'back' }]);
    const text = (await (await post(`${server.url}/ocr`, form(await page()))).json()) as { text: string };
    expect(text.text).toBe(pageText);
  });

  it('lists both with their parameters and weights', async () => {
    const { models } = ModelList.parse(await (await fetch(`${server.url}/models`)).json());
    expect(models[1]).toMatchObject({
      name: 'faces',
      variants: ['back', 'front'],
      params: { properties: { minConfidence: { default: 0.5 }, maxFaces: { default: 50, minimum: 1, maximum: 200 } } },
      output: { $defs: { FacesResult: { required: ['width', 'height', 'faces', 'warnings'] } } },
      maxBatch: 1,
      weights: [{ sha256: expect.stringMatching(/^427cbbe0/) }],
    });
  });

  it('describes the routes of both', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      paths: Record<string, { post?: { parameters?: { name: string; in: string }[] } }>;
    };
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/ocr', '/ocr/batch', '/faces', '/faces/batch']));
    const query = paths['/faces']?.post?.parameters?.filter((parameter) => parameter.in === 'query');
    expect(query?.map(({ name }) => name)).toEqual(Object.keys(FacesParams.shape));
  });
});

it('MODEL_NAME=faces:front serves the variant for selfies, and no text', async () => {
  await using front = await startServer({ MODEL_NAME: 'faces:front' });
  await front.ready();
  const { models } = ModelList.parse(await (await fetch(`${front.url}/models`)).json());
  expect(models).toMatchObject([
    { name: 'faces', variant: 'front', weights: [{ sha256: expect.stringMatching(/^d388b1cf/) }] },
  ]);
  expect(await count(await post(`${front.url}/faces`, form(sample)))).toBe(1);
  expect((await postJson(`${front.url}/ocr`, {})).status).toBe(404);
});
