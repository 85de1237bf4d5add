import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { bytes, get, getUnknown, getFrom, failureFrom, progress, warnings } from '../testing/downloads.ts';
import { refuse, send, serveWeights } from '../testing/weights-server.ts';
import { redirectTarget } from './response.ts';

describe('Redirects', () => {
  it('are followed, and the file keeps its name', async () => {
    await using server = await serveWeights(
      refuse(302, { location: '/elsewhere/blob?token=1' }),
      refuse(307, { location: '/further' }),
      send(bytes),
    );
    const { path } = await get(`${server.url}/net.onnx`);
    expect(path).toMatch(/net\.onnx$/);
    expect(server.requests.map(({ path }) => path)).toEqual(['/net.onnx', '/elsewhere/blob?token=1', '/further']);
  });

  it.each([
    ['/b', 'https://example.org/a', 'https://example.org/b'],
    ['c?token=1', 'http://example.org/a/b', 'http://example.org/a/c?token=1'],
    ['https://cdn.example.org/a', 'http://example.org/a', 'https://cdn.example.org/a'],
    ['//cdn.example.org/a', 'https://example.org/a', 'https://cdn.example.org/a'],
  ])('to %s from %s lead to %s', (location, from, expected) => {
    expect(redirectTarget(location, new URL(from)).href).toBe(expected);
  });

  it('never lead from https to http, and their message holds no secret', () => {
    const from = new URL('https://u:p@example.org/a?token=t');
    expect(() => redirectTarget('http://example.org/a?token=t', from)).toThrow(
      'https://example.org/a?… cannot be downloaded: it redirects to http://example.org/a?…, which is not followed',
    );
  });

  it('in a circle end the download', async () => {
    const { message, requests } = await failureFrom(refuse(302, { location: '/net.onnx' }));
    expect(message).toContain('more than 10 redirects');
    expect(requests).toBe(11);
  });

  it.each(['ftp://example.org/net.onnx', 'file:///etc/passwd', 'http://[', 'data:,x'])(
    'to %s are not followed',
    async (location) => {
      const { message, requests } = await failureFrom(refuse(301, { location }));
      expect(message).toContain('which is not followed');
      expect(requests).toBe(1);
    },
  );

  it('never carry credentials to another origin', async () => {
    await using elsewhere = await serveWeights(send(bytes));
    await using server = await serveWeights(refuse(302, { location: `${elsewhere.url}/net.onnx` }));
    await get(`${server.url.replace('//', '//user:pass%20word@')}/net.onnx`);
    const authorization = `Basic ${Buffer.from('user:pass word').toString('base64')}`;
    expect(server.requests[0]?.headers.authorization).toBe(authorization);
    expect(elsewhere.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});

it('a password may hold a percent sign that encodes nothing', async () => {
  await using server = await serveWeights(send(bytes));
  await get(`${server.url.replace('//', '//user:100%@')}/net.onnx`);
  expect(server.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('user:100%').toString('base64')}`);
});

it('secrets of the URL are in no message', async () => {
  await using server = await serveWeights(refuse(503));
  const url = `${server.url.replace('//', '//user:passphrase@')}/net.onnx?token=letmein#fragment`;
  const message = await get(url).then(
    () => expect.fail('it was downloaded'),
    (error: Error) => error.message,
  );
  await getUnknown(url).catch(() => {});
  expect(message).toContain(`${server.url}/net.onnx?… cannot be downloaded`);
  expect([message, ...progress, ...warnings].join('\n')).not.toMatch(/user|passphrase|letmein|fragment/);
  expect(server.requests[0]?.path).toBe('/net.onnx?token=letmein');
});

it('a proxy that the environment names is used', async () => {
  const tunnels: string[] = [];
  const sockets: Socket[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, client: Socket) => {
    tunnels.push(url);
    const [host, port] = url.split(':');
    const target = connect(Number(port), host, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
    sockets.push(client, target);
    for (const socket of [client, target]) socket.on('error', () => {});
    client.pipe(target).pipe(client);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  vi.stubEnv('no_proxy', '');
  vi.stubEnv('NO_PROXY', '');
  vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  expect(await getFrom(send(bytes))).toBe(1);
  expect(tunnels).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => proxy.close(resolve));
});
