import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOfBlob } from './bytes.ts';
import { isBlob } from './file-input.ts';
import { type FormFile, toFormFile } from './read-file.ts';

const text = 'hello';
const bytes = new TextEncoder().encode(text);
const { signal } = new AbortController();
const webStream = (): ReadableStream<Uint8Array> => new Blob([text]).stream();
const withoutIterator = (): ReadableStream<Uint8Array> =>
  Object.defineProperty(webStream(), Symbol.asyncIterator, { value: undefined });

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 2);
  yield bytes.subarray(2);
}

async function textOf({ content }: FormFile): Promise<string> {
  if ('uri' in content) throw new Error('The file is where only React Native finds it.');
  return new TextDecoder().decode(isBlob(content) ? await bytesOfBlob(content) : content);
}

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-file-'));
  path = join(folder, 'hello wörld.txt');
  await writeFile(path, text);
});
afterAll(() => rm(folder, { recursive: true }));

describe('what is a file', () => {
  test.each([
    ['a Blob', () => new Blob([text])],
    ['a File', () => new File([text], 'hello.txt')],
    ['a Uint8Array', () => bytes],
    ['a Buffer', () => Buffer.from(text)],
    ['an ArrayBuffer', () => bytes.buffer],
    ['a view of a part of a buffer', () => new TextEncoder().encode(`--${text}--`).subarray(2, -2)],
    ['a web stream', webStream],
    ['a web stream of a browser that cannot iterate it', withoutIterator],
    ['a Node stream', () => Readable.from([bytes.subarray(0, 2), bytes.subarray(2)])],
    ['pieces as they come', pieces],
    ['a path', () => path],
    ['a file URL', () => pathToFileURL(path)],
    ['the text of a file URL', () => pathToFileURL(path).href],
    ['a data URL', () => `data:text/plain;base64,${btoa(text)}`],
    ['a data URL without base64', () => new URL(`data:text/plain,${text}`)],
    ['bytes in an object', () => ({ data: bytes })],
    ['a File in an object', () => ({ data: new File([text], 'hello.txt') })],
    ['a path in an object', () => ({ data: path })],
    ['bytes of another realm', () => runInNewContext('new Uint8Array([104, 101, 108, 108, 111])') as unknown],
    ["another library's Blob", () => foreignBlob('Blob')],
    ['a Blob without a tag, as in React Native', () => foreignBlob('Object')],
    ['a file with a uri, outside React Native', () => ({ uri: pathToFileURL(path).href, type: 'text/plain' })],
    ['a buffer of another realm', () => runInNewContext('new Uint8Array([104, 101, 108, 108, 111]).buffer') as unknown],
  ])('%s', async (_name, input) => {
    expect(await textOf(await toFormFile(input(), signal))).toBe(text);
  });

  test('a File keeps its own name and type', async () => {
    const { mediaType, name } = await toFormFile(new File([text], 'hello.txt', { type: 'text/plain' }), signal);
    expect([mediaType, name]).toEqual(['text/plain', 'hello.txt']);
  });

  test('a data URL brings its type, a path its name', async () => {
    expect((await toFormFile('data:image/PNG;base64,AAAA', signal)).mediaType).toBe('image/png');
    expect((await toFormFile(path, signal)).name).toBe('hello wörld.txt');
  });

  test('an object overrides the name and the type of the File inside', async () => {
    const data = new File([text], 'hello.txt', { type: 'text/plain' });
    const { mediaType, name } = await toFormFile({ data, mediaType: 'image/png', name: 'b.png' }, signal);
    expect([mediaType, name]).toEqual(['image/png', 'b.png']);
  });

  test('a file with a uri keeps the name and the type that it says', async () => {
    const { mediaType, name } = await toFormFile({ uri: path, type: 'image/JPEG', name: 'photo.jpg' }, signal);
    expect([mediaType, name]).toEqual(['image/jpeg', 'photo.jpg']);
    const unsaid = await toFormFile({ uri: path, type: null, name: null }, signal);
    expect([unsaid.mediaType, unsaid.name]).toEqual(['', 'hello wörld.txt']);
  });

  test('a media type that cannot be in a header is left out', async () => {
    expect((await toFormFile({ data: bytes, mediaType: 'text/plain\r\nx: y' }, signal)).mediaType).toBe('');
  });

  test('bytes have no type, so the server looks at them', async () => {
    expect((await toFormFile(bytes, signal)).mediaType).toBe('');
  });
});

describe('what is not a file', () => {
  test.each([
    ['nothing', undefined, 'undefined: there is no file'],
    ['null', null, 'null: there is no file'],
    ['numbers', [1, 2, 3], 'a value of type Array'],
    ['floats', new Float32Array(3), 'a value of type Float32Array'],
    ['a promise', Promise.resolve(bytes), 'a promise: await it first'],
    ['a response', new Response(text), 'a Response: pass what its blob() resolves with'],
    ['several files', [new Blob()], 'a list: pass one, or all to batch'],
    ['several paths', ['a.jpg', 'b.jpg'], 'a list: pass one, or all to batch'],
    ['an upload as multer has it', { originalname: 'a.jpg', buffer: bytes }, 'an object: pass its buffer'],
    ['base64', 'iVBOR'.repeat(300), 'The file cannot be read: base64 must be a data URL.'],
    ['an object around a number', { data: 7 }, 'an object whose data is a value of type Number'],
    ['a media type that is not a text', { data: bytes, mediaType: 7 }, 'The media type of a file is text'],
    ['a web address', 'https://example.com/a.png', 'is not fetched here'],
    ['a web address as a URL', new URL('https://example.com/a.png'), 'is not fetched here'],
    ['a data URL without data', 'data:image/png;base64', 'The data URL cannot be read'],
    ['a data URL that is not in base64', 'data:image/png;base64,!!!!', 'The data URL cannot be read'],
    ['a data URL with other escapes', 'data:text/plain,%zz', 'The data URL cannot be read'],
    ['a uri on the web', { uri: 'https://example.com/a.png' }, 'is not fetched here'],
    ['a path of nothing', '/no/such/file.png', 'The file cannot be read: ENOENT'],
    ['a folder', tmpdir(), 'The file cannot be read: EISDIR'],
    ['a view of a buffer that has been transferred', transferredView(), 'The bytes cannot be read'],
    ['a buffer that has been transferred', transferred(), 'The bytes cannot be read'],
    ['a stream of text', Readable.from(['a', 'b']), 'it gave a value of type String: open it without an encoding'],
    ['a stream that fails', Readable.from(failing()), 'The stream could not be read: the disk is gone'],
  ])('%s', async (_name, input, message) => {
    const refusal = toFormFile(input, signal);
    await expect(refusal).rejects.toThrow(message);
    await expect(refusal).rejects.toMatchObject({ name: 'PorticoError', code: 'BAD_INPUT', status: undefined });
  });

  test('a stream that something else is reading', async () => {
    const stream = webStream();
    stream.getReader();
    await expect(toFormFile(stream, signal)).rejects.toThrow('The stream could not be read');
  });
});

test('an abort cancels a stream', async () => {
  const controller = new AbortController();
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    pull: (source) => source.enqueue(bytes),
    cancel: () => {
      cancelled = true;
    },
  });
  const reading = toFormFile(stream, controller.signal);
  controller.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('enough');
  await expect.poll(() => cancelled).toBe(true);
});

test('an abort ends the reading of a file of the machine', async () => {
  const controller = new AbortController();
  const reading = toFormFile('/dev/zero', controller.signal);
  controller.abort(new Error('enough'));
  await expect(reading).rejects.toThrow('aborted');
});

function foreignBlob(tag: string): object {
  const { size, type } = new Blob([text]);
  return { size, type, slice: () => {}, arrayBuffer: async () => bytes.slice().buffer, [Symbol.toStringTag]: tag };
}

function transferredView(): Uint8Array {
  const view = new Uint8Array([1]);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

function transferred(): ArrayBuffer {
  const buffer = new ArrayBuffer(1);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

test('an abort destroys a Node stream that gives nothing', async () => {
  const controller = new AbortController();
  const stream = new Readable({ read() {} });
  const reading = toFormFile(stream, controller.signal).catch(() => {});
  controller.abort();
  await reading;
  expect(stream.destroyed).toBe(true);
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error('the disk is gone');
}
