import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../harness/server-process.ts';
import { form, post, problemOf } from './support/asking.ts';
import { type HttpSide, startHttpSide } from './support/http-side.ts';

let side: HttpSide;

beforeAll(async () => {
  side = await startHttpSide({});
});
afterAll(() => side[Symbol.asyncDispose]());

/** Every byte there is, so that a part that is decoded as text comes out changed; the first are those of a PNG. */
const bytes = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]),
  Buffer.from('IHDR'),
  Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) & 0xff)),
]);

/** What the engine is sent for a request; it is answered so that the request ends. */
async function received(url: string, body: Buffer | FormData, headers: Record<string, string> = {}) {
  const answered = post(side.url + url, body as BodyInit, headers);
  const engine = side.engines.last;
  const input = await eventually(async () => engine.running[0]);
  engine.finish();
  expect((await answered).status).toBe(200);
  return input;
}

const boundary = { 'content-type': 'multipart/form-data; boundary=b' };
const part = (head: string, data: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from(`--b\r\ncontent-disposition: form-data; ${head}\r\n\r\n`),
    data,
    Buffer.from('\r\n--b--\r\n'),
  ]);

describe('The part "file" of a form', () => {
  it('is the file without a file name too, byte for byte', async () => {
    const input = await received('/ocr', part('name="file"', bytes), boundary);
    expect(Buffer.compare(input.bytes, bytes)).toBe(0);
    expect(input.mediaType).toBe('image/png');
  });

  it('is the file with a type and no file name', async () => {
    const head = 'name="file"\r\ncontent-type: image/webp';
    expect((await received('/ocr', part(head, bytes), boundary)).mediaType).toBe('image/webp');
  });

  it('is refused without a file name as with one: empty, or of no known type', async () => {
    const refused = async (data: Buffer) =>
      (await problemOf(await post(`${side.url}/ocr`, part('name="file"', data) as never, boundary))).code;
    expect(await refused(Buffer.alloc(0))).toBe('BAD_INPUT');
    expect(await refused(Buffer.from('text'))).toBe('UNSUPPORTED_MEDIA_TYPE');
  });
});

it('a form may have any boundary that clients generate', async () => {
  for (const name of ['----WebKitFormBoundary7MA4YWxkTrZu0gW', 'boundary', 'a; b']) {
    const body = part('name="file"', bytes)
      .toString('latin1')
      .replace(/--b(?=\r\n|--\r\n)/g, `--${name}`);
    const value = /[; ]/.test(name) ? `"${name}"` : name;
    const type = { 'content-type': `multipart/form-data; boundary=${value}` };
    const { bytes: file } = await received('/ocr', Buffer.from(body, 'latin1'), type);
    expect([name, Buffer.compare(file, bytes)]).toEqual([name, 0]);
  }
});

it('a long field is told where a file belongs', async () => {
  const { detail } = await problemOf(await post(`${side.url}/ocr`, part('name="image"', bytes) as never, boundary));
  expect(detail).toBe('Field "image" is too long. Send a file in a part named "file".');
});

it('a part without a name is refused in words', async () => {
  for (const head of ['', 'filename="a"']) {
    const { status, detail } = await problemOf(await post(`${side.url}/ocr`, part(head, bytes) as never, boundary));
    expect([status, detail]).toEqual([400, 'A part of the form has no name. Send a file in a part named "file".']);
  }
});

it('a form and a query may say yes and no as people and other languages do', async () => {
  for (const [text, value] of [
    ['True', true],
    ['off', false],
  ] as const) {
    const inForm = await received('/ocr', form(bytes, { fields: { words: text } }));
    expect(inForm.params).toMatchObject({ words: value });
    const inQuery = await received(`/ocr?words=${text}`, bytes, { 'content-type': 'image/png' });
    expect(inQuery.params).toMatchObject({ words: value });
  }
  const response = await post(`${side.url}/ocr?words=maybe`, bytes as never, { 'content-type': 'image/png' });
  expect((await problemOf(response)).code).toBe('INVALID_PARAMETERS');
});
