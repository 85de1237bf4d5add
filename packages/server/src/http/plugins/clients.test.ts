import { expect, it } from 'vitest';
import { clientOf, networkOf } from './clients.ts';

it('a client is its verified key, wherever it calls from, else its address', () => {
  expect(clientOf({ apiKey: 0, ip: '192.0.2.1' })).toBe('key 0');
  expect(clientOf({ ip: '192.0.2.1' })).toBe('192.0.2.1');
});

it.each([
  ['203.0.113.9:40001', '203.0.113.9'],
  ['[2001:db8:1:2:3:4:5:6]:40001', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
  ['[::ffff:203.0.113.9]:40001', '203.0.113.9'],
])('a proxy may name a client as %s', (ip, client) => {
  expect(clientOf({ ip, socket: { remoteAddress: '192.0.2.1' } })).toBe(client);
});

it.each([
  '',
  'unknown',
  '_hidden',
  '203.0.113.9:',
  '203.0.113:40001',
  '203.0.113.999:1',
  '[a]:1',
  '[203.0.113.9',
  ':1',
])('where a proxy names no address, but "%s", the client is the proxy', (ip) => {
  expect(clientOf({ ip, socket: { remoteAddress: '192.0.2.1' } })).toBe('192.0.2.1');
  expect(clientOf({ ip, socket: { remoteAddress: '2001:db8:1:2:3::1' } })).toBe('2001:db8:1:2::/64');
  expect(clientOf({ ip, socket: {} })).toBe('unix');
});

it.each([
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:01:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['1::2:3:4:5:6:7', '1:0:2:3::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1', '192.0.2.1'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
