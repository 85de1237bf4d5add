import { describe, expect, it } from 'vitest';
import { hostOrSocketPath, pathPrefixOf, trustProxy } from './network.ts';

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['::', '::'],
  ['/run/portico.sock', '/run/portico.sock'],
  ['unix:/run/portico.sock', '/run/portico.sock'],
  ['unix:portico.sock', undefined],
  [`/${'x'.repeat(103)}`, undefined],
])('HOST=%s is %s', (text, expected) => {
  expect(hostOrSocketPath(text)).toBe(expected);
});

it.each([
  ['/ml/portico', '/ml/portico'],
  ['/ml/portico/', '/ml/portico'],
  ['/', ''],
  ['ml', undefined],
  ['//elsewhere.example', undefined],
  ['/ml?x', undefined],
  ['https://elsewhere.example', undefined],
])('the path %s in front of others is %s', (text, expected) => {
  expect(pathPrefixOf(text)).toBe(expected);
});

describe('TRUST_PROXY', () => {
  const trusts = (setting: string, address: string | undefined, hop = 0): boolean | undefined => {
    const trust = trustProxy(setting);
    return typeof trust === 'function' ? trust(address, hop) : trust;
  };

  it.each(['true', 'TRUE', '1', '10.0.0.0/8, ::1', '10.1.2.3', 'uniquelocal'])('%s trusts 10.1.2.3', (setting) => {
    expect(trusts(setting, '10.1.2.3')).toBe(true);
  });

  it.each(['false', '0', '10.0.0.0/16', '::1', 'loopback', 'unix'])('%s does not trust 10.1.2.3', (setting) => {
    expect(trusts(setting, '10.1.2.3')).toBe(false);
  });

  it('with a number trusts so many hops', () => {
    expect([0, 1, 2].map((hop) => trusts('2', '10.0.0.1', hop))).toEqual([true, true, false]);
  });

  it('with "unix" trusts the other end of a unix socket, which addresses alone do not', () => {
    expect(['unix, 10.0.0.0/8', 'unix', 'true', '1'].map((setting) => trusts(setting, undefined))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(trusts('10.0.0.0/8', undefined)).toBe(false);
  });

  it.each(['', ',', 'nginx', '10.0.0.0/33', '10.0.0', '::1/129', '10.0.0.0/8/8'])('does not take %j', (setting) => {
    expect(trustProxy(setting)).toBeUndefined();
  });
});
