import { expect, test } from 'vitest';
import { parseCommand } from './command-line.ts';

const url = 'http://127.0.0.1:8000/health?a=1';

test('without a rate it is a closed loop of 8 clients for 10 seconds', () => {
  expect(parseCommand([url])).toMatchObject({
    kind: 'closed',
    options: { url, clients: 8, seconds: 10, request: { method: 'GET', path: '/health?a=1' } },
  });
});

test('a rate makes it an open loop', () => {
  const options = { perSecond: 50, arrivals: 'poisson', seconds: 3 };
  expect(parseCommand([url, '--rate', '50', '--poisson', '--seconds', '3'])).toMatchObject({ kind: 'open', options });
});

test('JSON is posted as such, with headers as given', () => {
  const { options } = parseCommand([url, '--json', '{"input":1}', '--header', 'X-Timeout-Seconds: 0.5']);
  expect(options.request).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-timeout-seconds': '0.5' },
    body: Buffer.from('{"input":1}'),
  });
});

test.each([[[]], [[url, url]], [[url, '--rate', 'fast']], [[url, '--clients', '0']], [[url, '--speed', '1']]])(
  '%j makes no sense',
  (argv) => {
    expect(() => parseCommand(argv)).toThrow(TypeError);
  },
);
