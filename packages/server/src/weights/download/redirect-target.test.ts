import { expect, it } from 'vitest';
import { redirectTarget } from './redirect-target.ts';

const target = (location: string, from: string): string => redirectTarget(location, new URL(from)).href;

it.each([
  ['/b', 'https://example.org/a', 'https://example.org/b'],
  ['c?token=1', 'http://example.org/a/b', 'http://example.org/a/c?token=1'],
  ['https://cdn.example.org/a', 'http://example.org/a', 'https://cdn.example.org/a'],
  ['//cdn.example.org/a', 'https://example.org/a', 'https://cdn.example.org/a'],
])('%s from %s leads to %s', (location, from, expected) => {
  expect(target(location, from)).toBe(expected);
});

it('nobody is led from https to http, and no message holds a secret', () => {
  expect(() => target('http://example.org/a?token=t', 'https://u:p@example.org/a?token=t')).toThrow(
    'https://example.org/a?… cannot be downloaded: it redirects to http://example.org/a?…, which is not followed',
  );
});
