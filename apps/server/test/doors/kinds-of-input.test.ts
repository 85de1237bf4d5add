import { transformer } from '@portico/api';
import { type ModelList } from '@portico/schemas';
import { createTRPCClient, getUntypedClient, httpBatchStreamLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { fileAsJson, post, postJson, problemOf, refusal } from './support/asking.ts';
import { blob, formOf, picture, resultsOf, sha256, video } from './support/kinds.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'copy,compare,say', MAX_UPLOAD_MB: '1', MAX_BATCH_ITEMS: '4' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const url = (path: string): string => `${server.url}/${path}`;
const client = () =>
  getUntypedClient(createTRPCClient({ links: [httpBatchStreamLink({ url: url('trpc'), transformer })] }));

describe('A file of any type', () => {
  const expected = { mediaType: 'video/mp4', byteLength: video.length };

  it('comes back byte for byte, whichever way it was sent', async () => {
    const ways: readonly [string, Promise<Response>][] = [
      ['form', post(url('copy'), formOf(['file', blob(video, 'video/mp4')]))],
      ['raw', post(url('copy'), video as BodyInit, { 'content-type': 'video/mp4' })],
      ['raw, undeclared', post(url('copy'), video as BodyInit, { 'content-type': 'application/octet-stream' })],
      ['JSON', postJson(url('copy'), { input: fileAsJson(video, 'video/mp4') })],
    ];
    for (const [way, response] of ways) {
      const output = (await (await response).json()) as { copy: string };
      expect([way, output]).toEqual([way, expect.objectContaining(expected)]);
      expect(Buffer.compare(Buffer.from(output.copy.split(',')[1] ?? '', 'base64'), video)).toBe(0);
    }
  });

  it('goes over tRPC too', async () => {
    const file = { data: new Uint8Array(video), mediaType: 'video/mp4' };
    await expect(client().mutation('copy.infer', { file, params: {} })).resolves.toMatchObject(expected);
  });

  it('may be text that nobody declared', async () => {
    const output = await (await post(url('copy'), 'just words', { 'content-type': 'application/octet-stream' })).json();
    expect(output).toMatchObject({ mediaType: 'text/plain', byteLength: 10 });
  });

  it('is refused where the task does not take its type, declared or recognised', async () => {
    const asText = (type: string) => unsupported(post(url('copy'), picture as BodyInit, { 'content-type': type }));
    expect(await asText('image/png')).toBe(
      'image/png is not accepted. Accepted: video/*, text/plain, application/pdf.',
    );
    expect(await asText('application/octet-stream')).toContain('image/png is not accepted.');
    expect(await asText('video/')).toContain('video/ is not accepted.');
    const bytes = formOf(['file', blob(Buffer.from([0xc0, 1, 2, 3]))]);
    expect(await unsupported(post(url('copy'), bytes))).toContain('was not declared and could not be detected');
  });
});

const unsupported = async (response: Promise<Response>): Promise<string> => {
  const { status, detail } = await problemOf(await response);
  expect(status).toBe(415);
  return detail;
};

describe('Bytes that a task produces', () => {
  it('come alone where the client accepts them, from JSON and from a file', async () => {
    const spoken = await postJson(url('say?pitch=220'), { input: { text: 'hum' } }, { accept: 'audio/wav' });
    expect([spoken.status, spoken.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    const wav = Buffer.from(await spoken.arrayBuffer());
    expect([wav.length, wav.toString('latin1', 0, 4)]).toEqual([44 + 3 * 800, 'RIFF']);

    const type = { 'content-type': 'video/mp4', accept: 'application/octet-stream' };
    const copied = await post(url('copy?times=2'), video as BodyInit, type);
    expect(Buffer.compare(Buffer.from(await copied.arrayBuffer()), Buffer.concat([video, video]))).toBe(0);
  });

  it('are a data URL in JSON', async () => {
    const { seconds, speech } = (await (await postJson(url('say'), { input: { text: 'hum' } })).json()) as {
      seconds: number;
      speech: string;
    };
    expect([seconds, speech.slice(0, 27)]).toEqual([0.3, 'data:audio/wav;base64,UklGR']);
    const overTrpc = await client().mutation('say.infer', { input: { text: 'hum' }, params: {} });
    expect(overTrpc).toEqual({ seconds, speech });
  });

  it('are what the task responds with, and nothing else', async () => {
    const refused = await postJson(url('say'), { input: { text: 'hum' } }, { accept: 'audio/mpeg' });
    expect((await problemOf(refused)).detail).toBe('say responds with application/json or audio/wav only.');
  });
});

describe('Several files', () => {
  const left = { mediaType: 'image/png', sha256: sha256(picture) };
  const right = { mediaType: 'video/mp4', sha256: sha256(video) };
  const asJson = { left: fileAsJson(picture, 'image/png'), right: fileAsJson(video, 'video/mp4') };
  const both = formOf(['right', blob(video, 'video/mp4')], ['left', blob(picture)], ['note', 'two of them']);

  it('come as the parts of a form, in any order, and in JSON', async () => {
    const form = await (await post(url('compare'), both)).json();
    expect(form).toEqual({ same: false, left, right, note: 'two of them', batch: 1 });
    const json = await (await postJson(url('compare'), { input: asJson, params: { note: 'in JSON' } })).json();
    expect(json).toEqual({ same: false, left, right, note: 'in JSON', batch: 1 });
  });

  it('need no file names', async () => {
    const part = (name: string, bytes: Uint8Array): Buffer =>
      Buffer.concat([
        Buffer.from(`--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n`),
        bytes,
        Buffer.from('\r\n'),
      ]);
    const body = Buffer.concat([part('left', picture), part('right', video), Buffer.from('--b--\r\n')]);
    const response = await post(url('compare'), body as never, { 'content-type': 'multipart/form-data; boundary=b' });
    expect(await response.json()).toMatchObject({ left, right });
  });

  it('go over tRPC, as one call or with items on the way', async () => {
    const files = { left: { data: new Uint8Array(picture) }, right: { data: new Uint8Array(video) } };
    await expect(client().mutation('compare.infer', { files, params: {} })).resolves.toMatchObject({ left, right });
    const items: unknown[] = [];
    for await (const item of (await client().mutation('compare.stream', { files })) as AsyncIterable<unknown>)
      items.push(item);
    expect(items).toEqual([left, right]);
  });

  it('stream as a form does', async () => {
    const events = await (await post(url('compare'), both, { accept: 'text/event-stream' })).text();
    expect(events.match(/^event: \w+$/gm)).toEqual(['event: item', 'event: item', 'event: result']);
  });

  it('are all needed, once each, under their own names', async () => {
    const detailOf = async (form: FormData): Promise<string> =>
      (await problemOf(await post(url('compare'), form))).detail;
    const [one, other] = [
      ['left', blob(picture)],
      ['right', blob(video)],
    ] as const;
    expect(await detailOf(formOf(one))).toBe(
      'The form has no file in part "right". Send a file in each of the parts "left", "right".',
    );
    expect(await detailOf(formOf(one, other, one))).toBe('Send at most 1 file in part "left".');
    expect(await detailOf(formOf(one, other, ['file', blob(video)]))).toBe(
      'The file is in part "file". Send a file in each of the parts "left", "right".',
    );
    expect(await detailOf(formOf(one, ['right', blob(Buffer.alloc(0))]))).toBe('The file "right" is empty.');
    expect(await detailOf(formOf(['left', blob(video)], other))).toContain('left: video/mp4 is not accepted.');
  });

  it('are checked in JSON with the path of each mistake', async () => {
    const refused = async (input: unknown) => refusal(await postJson(url('compare'), { input }));
    expect(await refused({ left: asJson.left })).toMatchObject({ status: 422, issues: [{ path: 'input.right' }] });
    expect(await refused({ ...asJson, more: asJson.left })).toMatchObject({ issues: [{ path: 'input.more' }] });
    expect(await refused({ ...asJson, left: { data: 1 } })).toMatchObject({ issues: [{ path: 'input.left.data' }] });
    expect(await refused(asJson.left)).toMatchObject({ status: 422 });
    expect(await refused({ ...asJson, left: { data: 'no base64' } })).toMatchObject({ code: 'BAD_INPUT' });
    const huge = { data: Buffer.alloc(700_000).toString('base64') };
    expect(await refused({ left: huge, right: huge })).toMatchObject({ code: 'TOO_LARGE' });
    const call = client().mutation('compare.infer', { files: { left: { data: new Uint8Array(picture) } } });
    await expect(call).rejects.toMatchObject({ data: { problem: { code: 'INVALID_PARAMETERS' } } });
  });

  it('are no raw body, and the refusal says what to send', async () => {
    const refused = await post(url('compare'), picture as BodyInit, { 'content-type': 'image/png' });
    expect(await problemOf(refused)).toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      detail:
        'compare accepts several files. Send multipart/form-data with a file in each of the parts "left", "right", or application/json.',
    });
  });
});

describe('A batch', () => {
  const encoded = (bytes: Uint8Array) => fileAsJson(bytes);

  it('in JSON has values, with one set of parameters', async () => {
    const inputs = [{ text: 'a' }, { text: '' }, { text: 'abc' }];
    const results = await resultsOf(postJson(url('say/batch?pitch=99'), { inputs }));
    expect(results.map(({ ok, value, error }) => (ok ? value['seconds'] : error.detail))).toEqual([
      0.1,
      expect.stringMatching(/^inputs\.1\.text: /),
      0.3,
    ]);
  });

  it('in JSON has files, or several in each input, and what is wrong with one concerns no other', async () => {
    const copies = await resultsOf(
      postJson(url('copy/batch'), {
        inputs: [encoded(video), encoded(picture), 7, encoded(video)],
        params: { times: 2 },
      }),
    );
    expect(copies.map(({ ok, value, error }) => (ok ? value['byteLength'] : error.code))).toEqual([
      video.length,
      'UNSUPPORTED_MEDIA_TYPE',
      'INVALID_PARAMETERS',
      video.length,
    ]);
    const input = { left: encoded(picture), right: encoded(video) };
    const pairs = await resultsOf(postJson(url('compare/batch'), { inputs: [input, { left: input.left }, input] }));
    expect(pairs.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(pairs[2]?.value).toMatchObject({ left: { sha256: sha256(picture) }, right: { sha256: sha256(video) } });
  });

  it('as a form has the first files of all parts, then the second', async () => {
    const small = Buffer.from('small');
    const form = formOf(
      ['left', blob(picture)],
      ['left', blob(picture)],
      ['right', blob(video)],
      ['right', blob(small)],
    );
    const results = await resultsOf(post(url('compare/batch'), form));
    expect(results.map(({ value }) => value['right'])).toEqual([
      { mediaType: 'video/mp4', sha256: sha256(video) },
      { mediaType: 'text/plain', sha256: sha256(small) },
    ]);
    const uneven = await post(
      url('compare/batch'),
      formOf(['left', blob(picture)], ['left', blob(picture)], ['right', blob(video)]),
    );
    expect((await problemOf(uneven)).detail).toBe(
      'Each input needs a file in each part, but they come so many times: "left" 2, "right" 1.',
    );
  });

  it('has at least one input and at most so many, and one set of parameters that is right', async () => {
    const refused = async (body: unknown) => problemOf(await postJson(url('say/batch'), body));
    expect(await refused({ inputs: [] })).toMatchObject({
      status: 400,
      detail: 'The batch is empty. Send at least one input.',
    });
    expect(await refused({ inputs: Array.from({ length: 5 }, () => ({ text: 'a' })) })).toMatchObject({
      status: 400,
      detail: 'Send at most 4 inputs per request (MAX_BATCH_ITEMS).',
    });
    expect(await refused({ input: { text: 'a' } })).toMatchObject({ status: 422 });
    expect(await refused({ inputs: [{ text: 'a' }], params: { pitch: 1 } })).toMatchObject({ status: 422 });
    expect(await problemOf(await post(url('say/batch'), formOf(['file', blob(video)])))).toMatchObject({
      status: 415,
      detail: 'A batch must be application/json with a list "inputs".',
    });
    expect(
      (await problemOf(await post(url('compare/batch'), picture as BodyInit, { 'content-type': 'image/png' }))).detail,
    ).toBe(
      'A batch must be multipart/form-data with the parts "left", "right" for each input, or application/json with a list "inputs".',
    );
  });
});

it('GET /models says what each takes and produces', async () => {
  const { models } = (await (await fetch(url('models'))).json()) as ModelList;
  const facts = models.flatMap((model) => {
    if (model.kind !== 'task') return [];
    const { name, inputKind, accepts, parts, produces, answers } = model;
    return [{ name, inputKind, accepts, parts, produces, answers }];
  });
  expect(facts).toEqual([
    {
      name: 'copy',
      inputKind: 'file',
      accepts: ['video/*', 'text/plain', 'application/pdf'],
      parts: null,
      produces: { field: 'copy', mediaType: 'application/octet-stream' },
      answers: ['application/json', 'application/octet-stream'],
    },
    {
      name: 'compare',
      inputKind: 'form',
      accepts: ['multipart/form-data'],
      parts: [
        { name: 'left', accepts: ['image/jpeg', 'image/png', 'image/webp', 'image/tiff', 'image/gif', 'image/avif'] },
        { name: 'right', accepts: ['*/*'] },
      ],
      produces: null,
      answers: ['application/json', 'text/event-stream'],
    },
    {
      name: 'say',
      inputKind: 'json',
      accepts: ['application/json'],
      parts: null,
      produces: { field: 'speech', mediaType: 'audio/wav' },
      answers: ['application/json', 'audio/wav'],
    },
  ]);
});

it('platforms send the same inputs, alone or as instances', async () => {
  const predictions = async (model: string, body: unknown): Promise<unknown> =>
    (await postJson(url(`v1/models/${model}:predict`), body)).json();
  const [b64, data] = [picture, video].map((bytes) => bytes.toString('base64'));
  const instances = [{ left: { b64 }, right: data }];
  expect(await predictions('compare', { instances, parameters: { note: 'n' } })).toMatchObject({
    predictions: [{ left: { sha256: sha256(picture) }, right: { sha256: sha256(video) }, note: 'n' }],
  });
  expect(await predictions('copy', { instances: [{ b64: data }] })).toMatchObject({
    predictions: [{ mediaType: 'video/mp4' }],
  });
});
