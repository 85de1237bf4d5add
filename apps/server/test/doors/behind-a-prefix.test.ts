import { createPortico } from '@portico/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { postJson } from './support/asking.ts';
import { RawConnection } from './support/raw-connection.ts';

let server: ServerProcess;
const key = 'a-key-of-the-tests';
const withKey = { 'x-api-key': key };

beforeAll(async () => {
  const environment = { BASE_PATH: '/ml/portico/', TRUST_PROXY: 'loopback', API_KEYS: key };
  server = await startServer({ MODEL_NAME: 'crash', ...environment });
  await server.ready();
});
afterAll(() => server[Symbol.asyncDispose]());

const serversOf = async (headers: Record<string, string>, path = '/openapi.json'): Promise<unknown> =>
  ((await (await fetch(server.url + path, { headers: { ...withKey, ...headers } })).json()) as { servers: unknown })
    .servers;

describe.each([
  ['kept', '/ml/portico'],
  ['taken off', ''],
])('With BASE_PATH, behind a proxy by which it is %s,', (_how, prefix) => {
  it('every protocol answers, with errors in its format', async () => {
    const at = (path: string): string => server.url + prefix + path;
    expect((await fetch(at('/health'))).status).toBe(200);
    expect((await postJson(at('/crash'), { input: { how: 'answer' } }, withKey)).status).toBe(200);
    expect((await fetch(at('/trpc/status.ready'), { headers: withKey })).status).toBe(200);
    const missing = await fetch(at('/v2/models/nothing'), { headers: withKey });
    expect([missing.status, await missing.json()]).toEqual([404, { error: expect.stringContaining('nothing') }]);
    expect((await fetch(at('/nowhere'), { headers: withKey })).status).toBe(404);
  });

  it('the SDK takes it as part of its URL', async () => {
    const portico = createPortico({ url: server.url + prefix, headers: withKey });
    expect(await portico.ready()).toMatchObject({ status: 'ready' });
    expect((await portico.models()).models.map(({ name }) => name)).toEqual(['crash']);
  });

  it('the first page leads to the others, without a key', async () => {
    const home = await fetch(`${server.url}${prefix}/`);
    const { docs, openapi } = (await home.json()) as { docs: string; openapi: string };
    expect((await fetch(new URL(docs, home.url))).status).toBe(200);
    expect((await fetch(new URL(openapi, home.url), { headers: withKey })).status).toBe(200);
  });

  it('the page finds all it links to, without a key', async () => {
    for (const path of ['/docs', '/docs/']) {
      const page = await fetch(server.url + prefix + path);
      const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
      expect(links.length).toBeGreaterThan(5);
      for (const link of links) {
        const { status, headers } = await fetch(new URL(link, page.url));
        expect([link, status, headers.get('content-type')]).toEqual([
          link,
          200,
          expect.stringMatching(/^(text|application|image)/),
        ]);
      }
    }
  });
});

it('The prefix alone leads to the first page', async () => {
  const { url, status } = await fetch(`${server.url}/ml/portico`);
  expect([url, status]).toEqual([`${server.url}/ml/portico/`, 200]);
});

it('A redirect leads to the page behind whatever prefix', async () => {
  const { url, status } = await fetch(`${server.url}/ml/portico/docs/static/index.html`);
  expect([url, status]).toEqual([`${server.url}/ml/portico/docs/`, 200]);
});

describe('/openapi.json', () => {
  it('names BASE_PATH, or what a trusted proxy says instead', async () => {
    expect(await serversOf({})).toEqual([{ url: '/ml/portico' }]);
    expect(await serversOf({}, '/ml/portico/openapi.json')).toEqual([{ url: '/ml/portico' }]);
    expect(await serversOf({ 'x-forwarded-prefix': '/elsewhere' })).toEqual([{ url: '/elsewhere' }]);
    expect(await serversOf({ 'x-forwarded-prefix': '//elsewhere.example' })).toEqual([{ url: '/ml/portico' }]);
  });
});

describe('With API_KEYS', () => {
  it.each(['/docs/json', '/docs/yaml', '/openapi.json', '/metrics', '/models'])('%s needs a key', async (path) => {
    const response = await fetch(server.url + path);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect((await fetch(server.url + path, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  });

  it.each(['/docs/static/../json', '/docs/static/..%2fjson', '/docs/static/%2e%2e/json', '/docsx', '/docs/x'])(
    'no detour over the page leads past it: %s',
    async (path) => {
      using connection = await RawConnection.open(server.port);
      connection.request(`GET ${path}`);
      const { status, body } = await connection.answer();
      expect(status).not.toBe(200);
      expect(body).not.toContain('openapi');
    },
  );

  it('the page asks for it', async () => {
    const page = await (await fetch(`${server.url}/docs`)).text();
    expect(page).toContain('theme/api-key.js');
  });
});
