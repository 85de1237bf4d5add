import { expect, test } from 'vitest';
import { audio, bytes, dataUrl, file, FileValue, form, image, png } from './media.ts';

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

test('a file may be of any type, of some, or of ranges of types', () => {
  expect(file()).toEqual({ kind: 'file', mediaTypes: ['*/*'] });
  const mediaTypes = ['video/*', 'application/vnd.apache.parquet', 'image/svg+xml'];
  expect(file({ mediaTypes })).toEqual({ kind: 'file', mediaTypes });
});

test.each(['video', 'Video/mp4', 'video/mp4; codecs=avc1', '*/mp4', '*', '', 'video/m*', '*/*/*', '.mp4'])(
  'a file of "%s" is a mistake in the contract',
  (type) => {
    expect(() => file({ mediaTypes: ['video/mp4', type] })).toThrow(`"${type}" is no media type.`);
  },
);

test('a file of no type at all is a mistake in the contract', () => {
  expect(() => file({ mediaTypes: [] })).toThrow('Leave mediaTypes out to accept any.');
});

test('a form has files under names that can be properties and parts', () => {
  expect(form({ left: image(), right: audio() })).toEqual({ kind: 'form', parts: { left: image(), right: audio() } });
  for (const name of ['', 'data', 'left side', '__proto__', 'left[]', '9lives', 'x'.repeat(33), 'a"b'])
    expect(() => form(Object.fromEntries([[name, image()]]))).toThrow('in a form must match');
  expect(() => form({})).toThrow('A form has 1 to 16 files, not 0.');
  const parts = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`part${index}`, file()]));
  expect(() => form(parts)).toThrow('not 17');
});

test('a task produces bytes of one media type that is no other response', () => {
  expect(bytes('speech', 'audio/wav')).toEqual({ field: 'speech', mediaType: 'audio/wav' });
  expect(png('image')).toEqual({ field: 'image', mediaType: 'image/png' });
  for (const type of ['audio/*', '*/*', 'application/json', 'text/event-stream', 'AUDIO/WAV', 'wav'])
    expect(() => bytes('speech', type)).toThrow(`"${type}" is no media type that a task can produce.`);
});

test('a data URL is of its media type', () => {
  const schema = dataUrl('audio/wav');
  expect(schema.safeParse('data:audio/wav;base64,UklGRg==').success).toBe(true);
  expect(schema.safeParse('data:audio/mpeg;base64,UklGRg==').success).toBe(false);
  expect(schema.meta()?.['examples']).toEqual(['data:audio/wav;base64,AAAA']);
});
