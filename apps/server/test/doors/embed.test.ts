import { mkdir, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppRouter, transformer } from '@portico/api';
import { type EmbedParams, EmbedResult, ModelList } from '@portico/schemas';
import { createPortico } from '@portico/sdk';
import { createTRPCClient, httpBatchLink, httpLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedTexts, farthest, tinyBert } from '@portico/models/embed/testing/load-embed';
import { metric } from '../harness/metric.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { post, postJson, refusal } from './support/asking.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'embed', EMBED_WEIGHTS: tinyBert });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const texts = expectedTexts.map(({ text }) => text);
const normalized = expectedTexts.map(({ normalized }) => normalized);

const ask = (texts: unknown, params: Partial<EmbedParams> = {}): Promise<Response> =>
  postJson(`${server.url}/embed`, { input: { texts }, params });

async function embeddings(response: Response): Promise<number[][]> {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return EmbedResult.parse(await response.json()).embeddings;
}

describe('POST /embed', () => {
  it('answers with what torch and transformers compute, text by text', async () => {
    expect(farthest(await embeddings(await ask(texts)), normalized)).toBeLessThan(1e-5);
    const means = expectedTexts.map(({ mean }) => mean);
    expect(farthest(await embeddings(await ask(texts, { normalize: false })), means)).toBeLessThan(1e-5);
  });

  it('returns the length of the vectors', async () => {
    expect(await (await ask(['hello'])).json()).toMatchObject({ dimensions: 24 });
  });

  it('answers many clients at once, each with its own', async () => {
    const runsBefore = await metric(server, 'portico_batch_size_count', {});
    const answers = await Promise.all(texts.map(async (text) => embeddings(await ask([text, 'hello']))));
    expect(answers.map((own) => own.length)).toEqual(texts.map(() => 2));
    expect(
      farthest(
        answers.map(([first]) => first ?? []),
        normalized,
      ),
    ).toBeLessThan(1e-5);
    expect((await metric(server, 'portico_batch_size_count', {})) - runsBefore).toBeLessThan(texts.length);
  });

  it.each([
    ['no texts', []],
    ['too many texts', Array.from({ length: 257 }, () => 'x')],
    ['so many texts that an engine checks them', Array.from({ length: 20_000 }, () => ({}))],
    ['a text that is too long', ['x'.repeat(8_193)]],
    ['too much text', Array.from({ length: 33 }, () => 'x'.repeat(8_192))],
    ['a number among the texts', ['x', 1]],
    ['one text that is no list', 'hello'],
  ])('refuses %s', async (_, texts) => {
    const { status, issues } = await refusal(await ask(texts));
    expect(status).toBe(422);
    expect(issues?.[0]?.path).toMatch(/^input\.texts/);
  });

  it('takes as much text as it says it does', async () => {
    expect(await embeddings(await ask(Array.from({ length: 32 }, () => 'é'.repeat(8_192))))).toHaveLength(32);
    expect(await embeddings(await ask(Array.from({ length: 256 }, (_, index) => `number ${index}`)))).toHaveLength(256);
  });

  it('refuses a text that must not be truncated, saying which', async () => {
    expect(await refusal(await ask(['hello', 'cat '.repeat(60)], { truncate: false }))).toMatchObject({
      status: 400,
      code: 'BAD_INPUT',
    });
  });

  it('refuses parameters there are not', async () => {
    expect(await refusal(await ask(['hello'], { pooling: 'max' } as object))).toMatchObject({ status: 422 });
  });

  it('refuses what is no JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await refusal(await post(`${server.url}/embed`, '{"input":', headers))).toMatchObject({ status: 400 });
    expect((await post(`${server.url}/embed`, 'hello', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('takes text that is no proper Unicode', async () => {
    const headers = { 'content-type': 'application/json' };
    const lone = '{"input":{"texts":["\\ud800 \\udc00 \\u0000"]}}';
    expect(await embeddings(await post(`${server.url}/embed`, lone, headers))).toHaveLength(1);
  });
});

it('a bad input that comes together with good ones fails alone', async () => {
  const asked = Array.from({ length: 24 }, (_, index) =>
    ask([index % 3 === 0 ? 'cat '.repeat(60) : 'cat'], { truncate: false }),
  );
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses).toEqual(statuses.map((_, index) => (index % 3 === 0 ? 400 : 200)));
});

it('embed.infer answers over tRPC, and portico.embed through the SDK, what REST answers', async () => {
  const overRest = EmbedResult.parse(await (await ask(['hello world'])).json());
  const client = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${server.url}/trpc`, transformer })] });
  expect(await client.embed.infer.mutate({ input: { texts: ['hello world'] } })).toEqual(overRest);
  const many = Array.from({ length: 256 }, (_, index) => `number ${index}`);
  const batching = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${server.url}/trpc`, transformer })] });
  const outputs = await Promise.all(
    [many, ['hello world'], many].map((texts) => batching.embed.infer.mutate({ input: { texts } })),
  );
  const manyOverRest = EmbedResult.parse(await (await ask(many)).json());
  expect(outputs).toEqual([manyOverRest, overRest, manyOverRest]);
  const wrong = { texts: Array.from({ length: 20_000 }, () => ({})) } as never;
  await expect(client.embed.infer.mutate({ input: wrong })).rejects.toMatchObject({
    data: { problem: { status: 422, issues: [{ path: 'input.texts' }] } },
  });
  expect(await createPortico({ url: server.url }).embed({ texts: ['hello world'] })).toEqual(overRest);
});

it('GET /models lists parameters, batch and weights', async () => {
  const { models } = ModelList.parse(await (await fetch(`${server.url}/models`)).json());
  expect(models).toMatchObject([
    {
      name: 'embed',
      variants: ['plain', 'hub'],
      accepts: ['application/json'],
      input: { $defs: { EmbedInput: { type: 'object', required: ['texts'] } } },
      params: { properties: { normalize: { default: true }, truncate: { default: true } } },
      maxBatch: 16,
      weights: [{ name: 'network' }, { name: 'tokenizer' }, { name: 'lengths' }],
    },
  ]);
});

it('MODEL_NAME=embed:hub takes files as they lie on Hugging Face', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'portico-hub-'));
  try {
    await mkdir(join(folder, 'onnx'));
    await copyFile(join(tinyBert, 'pooled.onnx'), join(folder, 'onnx', 'model.onnx'));
    for (const name of ['tokenizer.json', 'sentence_bert_config.json'])
      await copyFile(join(tinyBert, name), join(folder, name));
    await using hub = await startServer({ MODEL_NAME: 'embed:hub', EMBED_WEIGHTS: folder });
    await hub.ready();
    const response = await postJson(`${hub.url}/embed`, { input: { texts } });
    expect(farthest(await embeddings(response), normalized)).toBeLessThan(1e-5);
  } finally {
    await rm(folder, { recursive: true });
  }
});
