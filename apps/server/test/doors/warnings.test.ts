import { type routerOf, transformer } from '@portico/api';
import { ModelList } from '@portico/schemas';
import { createTRPCClient, httpBatchStreamLink, httpLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { postJson, refusal } from './support/asking.ts';
import { eventsOf } from './support/events.ts';

const truncated = {
  code: 'truncated',
  message: 'The text was longer than the model reads: its end was left out.',
};
const firstPage = { code: 'firstPage', message: 'The file has several pages: only the first was read.' };
const note = 'data:text/plain;base64,bm90ZWQ=';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'warn,ocr' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const warn = (input: object, headers: Record<string, string> = {}, path = '/warn'): Promise<Response> =>
  postJson(`${server.url}${path}`, { input }, headers);

describe('the output of a task that has warnings', () => {
  it('has none, as a rule', async () => {
    const response = await warn({ codes: [] });
    expect(await response.json()).toEqual({ note, warnings: [] });
    expect(response.headers.has('x-warnings')).toBe(false);
  });

  it('has the message of the contract, or what the model says more precisely', async () => {
    expect(await (await warn({ codes: ['truncated'] })).json()).toEqual({ note, warnings: [truncated] });
    const message = 'Text 3 was cut after 512 words.';
    expect(await (await warn({ codes: ['truncated'], message })).json()).toMatchObject({
      warnings: [{ code: 'truncated', message }],
    });
  });

  it('has its codes in a header too, each once, which pages of other origins may read', async () => {
    const codes = ['firstPage', 'truncated', 'firstPage'];
    const response = await warn({ codes }, { origin: 'https://page.example.org' });
    expect(response.headers.get('x-warnings')).toBe('firstPage, truncated');
    expect(response.headers.get('access-control-expose-headers')).toContain('x-warnings');
    expect(await response.json()).toMatchObject({ warnings: [firstPage, truncated, firstPage] });
  });

  it('has them in the result of a stream', async () => {
    const response = await warn({ codes: ['truncated'] }, { accept: 'text/event-stream' });
    const events = [];
    for await (const event of eventsOf(response)) events.push(event);
    expect(events).toEqual([
      { id: '1', event: 'item', data: { number: 1 } },
      { id: '2', event: 'result', data: { note, warnings: [truncated] } },
    ]);
  });

  it('has them in each result of a batch', async () => {
    const inputs = [{ codes: ['truncated'] }, { codes: [] }, { codes: ['other'] }];
    const response = await postJson(`${server.url}/warn/batch`, { inputs });
    expect(await response.json()).toMatchObject({
      results: [
        { ok: true, value: { warnings: [truncated] } },
        { ok: true, value: { warnings: [] } },
        { ok: false, error: { code: 'INVALID_PARAMETERS' } },
      ],
    });
  });

  it('has them over tRPC: one call, calls together, a stream', async () => {
    const { url } = server;
    type Router = ReturnType<typeof routerOf>;
    const one = createTRPCClient<Router>({ links: [httpLink({ url: `${url}/trpc`, transformer })] });
    const together = createTRPCClient<Router>({ links: [httpBatchStreamLink({ url: `${url}/trpc`, transformer })] });
    const input = { codes: ['firstPage'] };
    const expected = { note, warnings: [firstPage] };
    expect(await mutate(one, 'infer', input)).toEqual(expected);
    expect(await Promise.all([mutate(together, 'infer', input), mutate(together, 'infer', input)])).toEqual([
      expected,
      expected,
    ]);
    const items = (await mutate(together, 'stream', input)) as AsyncIterable<unknown>;
    const iterator = items[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: { number: 1 } });
    expect(await iterator.next()).toEqual({ done: true, value: expected });
  });

  it('has them for the instances of a platform', async () => {
    const predictions = await postJson(`${server.url}/v1/models/warn:predict`, {
      instances: [{ codes: ['truncated'] }],
    });
    expect(await predictions.json()).toEqual({ predictions: [{ note, warnings: [truncated] }] });
  });
});

const mutate = (client: unknown, procedure: 'infer' | 'stream', input: object): Promise<unknown> =>
  (client as { warn: Record<string, { mutate(call: object): Promise<unknown> }> }).warn[procedure]?.mutate({ input }) ??
  Promise.reject(new Error(procedure));

describe('the bytes alone', () => {
  const anyBytes = '*/*, application/json;q=0, text/event-stream;q=0';

  it.each(['text/plain', anyBytes])('come with the codes in a header: Accept: %s', async (accept) => {
    const response = await warn({ codes: ['truncated', 'firstPage'] }, { accept });
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('x-warnings')).toBe('truncated, firstPage');
    expect(await response.text()).toBe('noted');
    expect((await warn({ codes: [] }, { accept })).headers.has('x-warnings')).toBe(false);
  });

  it('are refused by a task that produces none, whatever their type may be', async () => {
    const response = await postJson(`${server.url}/ocr`, { input: { data: '' } }, { accept: anyBytes });
    expect(await refusal(response)).toEqual({ status: 406, code: 'NOT_ACCEPTABLE' });
  });
});

it('GET /models says which warnings there may be', async () => {
  const { models } = ModelList.parse(await (await fetch(`${server.url}/models`)).json());
  const warnings = Object.fromEntries(models.map((model) => [model.name, model.kind === 'task' && model.warnings]));
  expect(warnings['warn']).toEqual([truncated, firstPage]);
});

it('the document says what each code means, and that a header may have them', async () => {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    components: { schemas: { WarnResult: { required: string[]; properties: Record<string, unknown> } } };
    paths: { '/warn': { post: { responses: { 200: { headers: object } } } } };
  };
  const { required, properties } = document.components.schemas.WarnResult;
  expect(required).toEqual(['note', 'warnings']);
  expect(properties['warnings']).toMatchObject({
    type: 'array',
    items: {
      properties: {
        code: {
          enum: ['truncated', 'firstPage'],
          description: `truncated: ${truncated.message}\nfirstPage: ${firstPage.message}`,
        },
      },
    },
  });
  expect(document.paths['/warn'].post.responses[200].headers).toHaveProperty('x-warnings');
});
