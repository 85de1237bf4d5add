import { expect, test } from 'vitest';
import { loopbackUrl } from './http-client.ts';

test.each(['http://127.0.0.1:8000', 'http://localhost', 'http://[::1]:1'])('%s is this machine', (url) => {
  expect(loopbackUrl(url).href).toContain(url);
});

test.each([
  'http://example.com',
  'http://10.0.0.1',
  'http://127.0.0.1.example.com',
  'https://localhost',
  'http://0.0.0.0',
])('no load is put on %s', (url) => {
  expect(() => loopbackUrl(url)).toThrow('not a server on this machine');
});
