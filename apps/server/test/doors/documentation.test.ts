import { ModelList, OcrParams } from '@portico/schemas';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer({ MODEL_NAME: 'ocr,crash', MAX_BATCH_ITEMS: '7', DEMO_URL: 'http://localhost:3999' });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const get = (path: string): Promise<Response> => fetch(server.url + path);
const json = async (path: string): Promise<unknown> => {
  const response = await get(path);
  expect(response.status).toBe(200);
  return response.json();
};

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Record<string, { schema: { properties?: Record<string, unknown> }; example?: unknown }>;
  };
  readonly responses: Record<string, { readonly content?: Record<string, unknown>; readonly $ref?: string }>;
}
interface Document {
  readonly openapi: string;
  readonly security?: unknown;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly responses: Record<string, { readonly content: Record<string, unknown> }> };
}

describe('GET /openapi.json', () => {
  const document = async (): Promise<Document> => (await json('/openapi.json')) as Document;

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate((await json('/openapi.json')) as Record<string, unknown>);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('has every route for clients, and only those', async () => {
    const { paths, security } = await document();
    const service = ['/', '/docs', '/gpu', '/health', '/metrics', '/models', '/openapi.json', '/ready'];
    const protocol = [
      '/v2',
      '/v2/health/live',
      '/v2/health/ready',
      '/v2/models',
      '/v2/models/stats',
      '/v2/repository/index',
    ];
    const platform = ['/ping', '/v1/models/{model}', '/v1/models/{model}:predict'];
    const tasks = ['/crash', '/crash/batch', '/ocr', '/ocr/batch'];
    expect(Object.keys(paths).sort()).toEqual([...service, ...protocol, ...platform, ...tasks].sort());
    expect(security).toEqual([]);
  });

  it('has the three forms of a file task, with every parameter', async () => {
    const operation = (await document()).paths['/ocr']?.['post'];
    const content = operation?.requestBody?.content ?? {};
    const { models } = ModelList.parse(await json('/models'));
    const [ocr] = models;
    if (ocr?.kind !== 'task') throw new Error('ocr is a task');
    expect(Object.keys(content)).toEqual([
      'multipart/form-data',
      'application/json',
      ...ocr.accepts,
      'application/octet-stream',
    ]);
    const names = Object.keys(OcrParams.shape);
    const fields = Object.keys(content['multipart/form-data']?.schema.properties ?? {});
    expect(fields.sort()).toEqual(['file', ...names].sort());
    const query = operation?.parameters?.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    expect(query).toEqual(names);
    expect(operation?.parameters).toContainEqual(expect.objectContaining({ name: 'x-timeout-seconds', in: 'header' }));
  });

  it('has every error that a task can answer with, as a problem', async () => {
    const { paths, components } = await document();
    for (const path of ['/ocr', '/ocr/batch', '/crash']) {
      const { '200': answer, ...refusals } = paths[path]?.['post']?.responses ?? {};
      expect(Object.keys(answer?.content ?? {})).toEqual(['application/json']);
      const statuses = ['400', '401', '406', '408', '413', '415', '422', '429', '431', '500', '503', '504'];
      expect(Object.keys(refusals)).toEqual(statuses);
      for (const { $ref = '' } of Object.values(refusals)) {
        const shared = components.responses[$ref.replace('#/components/responses/', '')];
        expect(Object.keys(shared?.content ?? {})).toEqual(['application/problem+json']);
      }
    }
  });

  it('has an example of every request in JSON that can be sent as it is', async () => {
    const { paths } = await document();
    for (const path of ['/ocr', '/crash']) {
      const example = paths[path]?.['post']?.requestBody?.content['application/json']?.example;
      expect(example).toBeDefined();
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(example) });
      expect(answer.status).toBe(200);
      await answer.json();
    }
  });

  it('refers to nothing that it does not have', async () => {
    const whole = await document();
    const text = JSON.stringify(whole);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(0);
    const at = (path: string): unknown =>
      path.split('/').reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], whole);
    expect(references.filter((path) => at(path) === undefined)).toEqual([]);
    expect(text).not.toContain('$schema');
  });
});

describe('GET /', () => {
  const links = { docs: 'docs', openapi: 'openapi.json', models: 'models' };

  it('says in one line of JSON where everything is', async () => {
    for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.5']) {
      const response = await fetch(server.url, { headers: { accept } });
      expect([response.status, response.headers.get('vary')]).toEqual([200, 'accept']);
      const line = await response.text();
      expect(line.trim().split('\n')).toHaveLength(1);
      expect(JSON.parse(line)).toEqual({ name: 'Portico', status: 'alive', ...links, demo: 'http://localhost:3999/' });
    }
  });

  it('says it to a browser as a page', async () => {
    const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    const page = await fetch(server.url, { headers: { accept } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const found = [...(await page.text()).matchAll(/href="([^"]+)"/g)].map(([, link]) => link);
    expect(found).toEqual([...Object.values(links), 'http://localhost:3999/']);
  });

  it('says nothing else', async () => {
    const response = await fetch(server.url, { headers: { accept: 'image/png' } });
    expect([response.status, await response.json()]).toEqual([
      406,
      expect.objectContaining({ code: 'NOT_ACCEPTABLE' }),
    ]);
  });
});

describe('GET /docs', () => {
  it('is a page whose every asset comes from here', async () => {
    const page = await get('/docs');
    expect(page.status).toBe(200);
    const html = await page.text();
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(assets.length).toBeGreaterThan(3);
    for (const asset of assets) {
      expect(asset).not.toMatch(/^(https?:)?\/\//);
      const response = await fetch(new URL(asset, page.url));
      expect([asset, response.status]).toEqual([asset, 200]);
    }
  });

  it('loads nothing from elsewhere', async () => {
    const script = await (await get('/docs/static/swagger-initializer.js')).text();
    expect(script).toContain('validatorUrl: null');
    const code = script.replaceAll(/^\s*\/\/.*$/gm, '');
    expect(code).not.toMatch(/https?:\/\//);
  });

  it('shows the document of this server, whose paths are where the page is', async () => {
    const { servers, ...shown } = (await json('/docs/json')) as Record<string, unknown>;
    expect({ ...shown, servers: [{ url: '/' }] }).toEqual(await json('/openapi.json'));
    expect(servers).toEqual([{ url: '..' }]);
  });
});
