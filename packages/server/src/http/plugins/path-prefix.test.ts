import { expect, it } from 'vitest';
import { trustProxy } from '../../config/network.ts';
import { pathPrefixReader, withoutBasePath } from './path-prefix.ts';

it.each([
  ['/ml/portico/ocr?x=/ml/portico/', '/ocr?x=/ml/portico/'],
  ['/ocr', '/ocr'],
  ['/ml/porticoes/ocr', '/ml/porticoes/ocr'],
  ['/ml/portico', '/ml/portico'],
  ['/ml/portico/ml/portico/ocr', '/ml/portico/ocr'],
])('%s is served as %s', (url, expected) => {
  expect(withoutBasePath(url, '/ml/portico')).toBe(expected);
});

const request = (forwarded: string | undefined, remoteAddress = '10.0.0.1') =>
  ({ headers: { 'x-forwarded-prefix': forwarded }, raw: { socket: { remoteAddress } } }) as never;
const trusts = trustProxy('10.0.0.0/8') ?? false;
const prefixOf = pathPrefixReader('/base', trusts);

it('x-forwarded-prefix says what clients write, if a trusted proxy sends it', () => {
  expect(prefixOf(request('/ml/portico'))).toBe('/ml/portico');
  expect(prefixOf(request('/ml/portico/'))).toBe('/ml/portico');
  expect(prefixOf(request('/outer, /inner'))).toBe('/outer/inner');
  expect(prefixOf(request('/'))).toBe('');
});

it('without such a header it is BASE_PATH', () => {
  expect(prefixOf(request(undefined))).toBe('/base');
  expect(prefixOf(request('/elsewhere', '192.0.2.1'))).toBe('/base');
  expect(pathPrefixReader('/base', false)(request('/elsewhere'))).toBe('/base');
});

it.each(['//elsewhere.example', 'https://elsewhere.example', '/a"b', 'ml', '/ok, //no'])(
  'a header that is no path is ignored: %s',
  (forwarded) => {
    expect(prefixOf(request(forwarded))).toBe('/base');
  },
);
