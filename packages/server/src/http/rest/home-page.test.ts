import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { acceptProtocols } from '../protocols.ts';
import { homePage, type HomePageOptions } from './home-page.ts';

async function home(options: HomePageOptions) {
  const app = Fastify();
  acceptProtocols(app);
  await app.register(homePage, options);
  return app;
}

it('names no demo page that the server does not know', async () => {
  const app = await home({ basePath: '', demoUrl: undefined });
  expect((await app.inject('/')).json()).toEqual({
    name: 'Portico',
    status: 'alive',
    docs: 'docs',
    openapi: 'openapi.json',
    models: 'models',
  });
  const page = await app.inject({ url: '/', headers: { accept: 'text/html' } });
  expect(page.body).not.toContain('demo');
});

it('needs no key, nor does the prefix without a slash, which leads to it', async () => {
  const app = await home({ basePath: '/ml/v1.2', demoUrl: 'https://demo.example.org/' });
  const redirect = await app.inject('/ml/v1.2');
  expect([redirect.statusCode, redirect.headers.location]).toEqual([308, 'v1.2/']);
  const isOpen = (path: string): boolean => app.protocols.openPaths.some((open) => open.test(path));
  expect(['/', '/ml/v1.2', '/ml/v1x2', '/ml', '/models'].map(isOpen)).toEqual([true, true, false, false, false]);
});

it('writes an address as it is, whatever is in it', async () => {
  const demoUrl = new URL('https://demo.example.org/"><script>?a=1&quot;=2&copy=3#"><b>').href;
  const page = await (await home({ basePath: '', demoUrl })).inject({ url: '/', headers: { accept: 'text/html' } });
  const [, address] = /<a href="([^"]*)">demo</.exec(page.body) ?? [];
  expect(address?.replaceAll('&amp;', '&')).toBe(demoUrl);
  expect(address).not.toMatch(/&(?!amp;)|[<>]/);
  expect(page.body).not.toContain('<script>');
});
