import { expect, test } from 'vitest';
import { audio, FileValue, image } from './media.ts';

test('images are never SVG or PDF', () => {
  expect(image().mediaTypes).not.toContain('image/svg+xml');
  expect(image().mediaTypes).not.toContain('application/pdf');
});

test('image and audio tasks say what they take', () => {
  expect(image()).toMatchObject({ kind: 'image', mediaTypes: expect.arrayContaining(['image/jpeg', 'image/png']) });
  expect(audio()).toMatchObject({ kind: 'audio', mediaTypes: expect.arrayContaining(['audio/wav', 'audio/mpeg']) });
});

test('a file value is bytes with an optional media type and name', () => {
  const value = { data: new Uint8Array(2), mediaType: 'image/png', name: 'a.png' };
  expect(FileValue.parse(value)).toEqual(value);
  expect(FileValue.parse({ data: Buffer.alloc(2) }).data).toHaveLength(2);
});

test.each([
  {},
  { data: 'aGk=' },
  { data: [1, 2] },
  { data: new Uint8Array(1), name: 'a'.repeat(256) },
  { data: new Uint8Array(1), path: '/' },
])('%j is no file value', (value) => {
  expect(FileValue.safeParse(value).success).toBe(false);
});
