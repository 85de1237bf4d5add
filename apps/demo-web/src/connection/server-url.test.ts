import { expect, it } from 'vitest';
import { serverUrl } from './server-url.ts';

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
