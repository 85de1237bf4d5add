import { expect, test } from 'vitest';
import { toFormFile } from './file-input.ts';

const text = 'hello';
const bytes = new TextEncoder().encode(text);

test.each([
  ['a Blob', new Blob([text])],
  ['a File', new File([text], 'hello.txt')],
  ['a Uint8Array', bytes],
  ['a Buffer', Buffer.from(text)],
  ['an ArrayBuffer', bytes.buffer],
  ['a view of a part of a buffer', new TextEncoder().encode(`--${text}--`).subarray(2, -2)],
  ['bytes in an object', { data: bytes }],
  ['a File in an object', { data: new File([text], 'hello.txt') }],
])('%s is a file', async (_name, input) => {
  expect(await toFormFile(input).blob.text()).toBe(text);
});

test('a File keeps its own name and type', () => {
  const { blob, name } = toFormFile(new File([text], 'hello.txt', { type: 'text/plain' }));
  expect([blob.type, name]).toEqual(['text/plain', 'hello.txt']);
});

test('an object overrides the name and the type of the File inside', () => {
  const data = new File([text], 'hello.txt', { type: 'text/plain' });
  const { blob, name } = toFormFile({ data, mediaType: 'image/png', name: 'b.png' });
  expect([blob.type, name]).toEqual(['image/png', 'b.png']);
});

test('bytes have no type, so that the server looks at them', () => {
  expect(toFormFile(bytes).blob.type).toBe('');
});
