import { expect, it } from 'vitest';
import { keyFor, problemWith, serverUrl } from './server-url.ts';

it('The server is where PORTICO_URL says', () => {
  expect(serverUrl('https://models.example.org/ml/portico', 'demo.example.org')).toBe(
    'https://models.example.org/ml/portico',
  );
  expect(serverUrl('http://localhost:8000', 'localhost:3000')).toBe('http://localhost:8000');
  expect(serverUrl('http://localhost:8000', '127.0.0.1:3000')).toBe('http://localhost:8000');
  expect(serverUrl(undefined, null)).toBe('http://localhost:8000');
  expect(serverUrl('', 'localhost:3000')).toBe('http://localhost:8000');
});

it('A server on localhost is on the machine that the page comes from, by the name that the browser knows', () => {
  expect(serverUrl('http://localhost:8000', '192.168.0.7:3000')).toBe('http://192.168.0.7:8000/');
  expect(serverUrl('http://127.0.0.1:8000/ml', 'workstation:3000')).toBe('http://workstation:8000/ml');
});

it('has no user and no password in it, whatever is configured', () => {
  expect(serverUrl('https://me:secret@models.example.org/ml', 'demo.example.org')).toBe(
    'https://models.example.org/ml',
  );
  expect(serverUrl('http://me:secret@localhost:8000', null)).toBe('http://localhost:8000/');
});

it('is typed in full, and is an address of a server only', () => {
  for (const address of ['http://localhost:8000', ' https://example.org/ml ', 'http://[::1]:8000']) {
    expect(problemWith(address)).toBeUndefined();
  }
  const wrong = [
    '',
    'localhost:8000',
    'http:localhost',
    'javascript:alert(1)',
    'http://a@b',
    'http://b/?q',
    'http://b/#c',
  ];
  expect(wrong.filter((address) => problemWith(address) === undefined)).toEqual([]);
});

it('has an API key of its own, which no other server gets', () => {
  const before = { url: 'http://localhost:8000', apiKey: 'secret' };
  expect(keyFor(before, 'http://localhost:8000/ml', 'secret')).toBe('secret');
  expect(keyFor(before, 'http://localhost:9000', 'secret')).toBe('');
  expect(keyFor(before, 'https://localhost:8000', 'secret')).toBe('');
  expect(keyFor(before, 'http://localhost:9000', 'other')).toBe('other');
});
