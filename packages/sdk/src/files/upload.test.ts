import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeUpload } from './upload.ts';

const bytes = new TextEncoder().encode('hello');
const { signal } = new AbortController();
afterEach(() => void vi.unstubAllGlobals());

const encode = (files: object, params: object = {}) => encodeUpload({ ...files }, params, signal);

/** The fields and files of an upload, in order. */
async function formOf(files: object, params: object): Promise<[string, unknown][]> {
  const { body, headers } = await encode(files, params);
  return [...(await new Response(body, { headers }).formData())];
}

test.each([
  [{ text: 'as it is' }, [['text', 'as it is']]],
  [{ number: 0.25 }, [['number', '0.25']]],
  [{ flag: false }, [['flag', 'false']]],
  [
    { list: ['a', 2] },
    [
      ['list', 'a'],
      ['list', '2'],
    ],
  ],
  [{ pairs: [[1, 2], [3]] }, [['pairs', '[[1,2],[3]]']]],
  [{ box: { x: 1 } }, [['box', '{"x":1}']]],
  [{ missing: undefined }, []],
  [{ lines: 'one\ntwo\r\nthree' }, [['lines', 'one\ntwo\r\nthree']]],
  [{ 'wörld "日本"': 'ü' }, [['wörld "日本"', 'ü']]],
])('%j becomes fields', async (params, fields) => {
  expect((await formOf({ file: bytes }, params)).slice(0, -1)).toEqual(fields);
});

test('a value that is not a text says that it is JSON, so that null is no word and an empty list is one', async () => {
  const params = { text: 'null', none: null, empty: [], rows: [[1]], box: { x: 1 }, list: ['a', 2] };
  const body = await new Response((await encode({ file: bytes }, params)).body).text();
  const json = 'Content-Type: application/json\r\n\r\n';
  expect(body).toContain('name="text"\r\n\r\nnull\r\n');
  expect(body).toContain(`name="none"\r\n${json}null\r\n`);
  expect(body).toContain(`name="empty"\r\n${json}[]\r\n`);
  expect(body).toContain(`name="rows"\r\n${json}[[1]]\r\n`);
  expect(body).toContain(`name="box"\r\n${json}{"x":1}\r\n`);
  expect(body).toContain('name="list"\r\n\r\na\r\n');
  expect(body).toContain(`name="list"\r\n${json}2\r\n`);
});

test('the files come last', async () => {
  const form = await formOf({ right: bytes, left: bytes }, { a: 1, b: 2 });
  expect(form.map(([name]) => name)).toEqual(['a', 'b', 'right', 'left']);
});

describe('names are written as browsers write them', () => {
  test.each([
    'plain.png',
    'a "quoted" name.png',
    'line\nend\r\nand\rmore.png',
    'wörld 日本 🎈.png',
    'back\\slash;.png',
  ])('%j', async (name) => {
    const { body } = await encode({ [name]: { data: bytes, name, mediaType: 'image/png' } });
    const form = new FormData();
    form.append(name, new Blob([bytes], { type: 'image/png' }), name);
    expect(headOf(await new Response(body).text())).toBe(headOf(await new Response(form).text()));
  });
});

/** The headers of the first part. */
const headOf = (body: string): string => body.slice(body.indexOf('\r\n'), body.indexOf('\r\n\r\n')).toLowerCase();

test('a file that nobody named a type for is bytes to the server', async () => {
  expect(await new Response((await encode({ file: bytes })).body).text()).toContain(
    'filename="file"\r\nContent-Type: application/octet-stream\r\n\r\nhello\r\n',
  );
});

test('every upload has a boundary of its own', async () => {
  const boundaries = await Promise.all(
    Array.from({ length: 20 }, async () => (await encode({ file: bytes })).headers['content-type']),
  );
  expect(new Set(boundaries).size).toBe(20);
  for (const boundary of boundaries) expect(boundary).toMatch(/^multipart\/form-data; boundary=[\w.-]{20,70}$/);
});

test('the bytes of an upload are those that were given, whatever they are', async () => {
  const every = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
  const [[, file] = []] = await formOf({ file: every }, {});
  expect(Buffer.from(await (file as Blob).arrayBuffer()).equals(every)).toBe(true);
});

test('a Blob that cannot be read is refused', async () => {
  const blob = new Blob(['hello']);
  Object.defineProperty(blob, 'arrayBuffer', { value: async () => Promise.reject(new Error('it has changed')) });
  await expect(encode({ file: blob })).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: 'The file cannot be read: it has changed.',
  });
});

test('Node sends bytes, also with the form, the Blob and the Response of another library', async () => {
  const [Form, AnyBlob, AnyResponse] = [FormData, Blob, Response];
  for (const name of ['FormData', 'Blob', 'File', 'Response', 'TextEncoder', 'crypto']) vi.stubGlobal(name, undefined);
  const { body, headers } = await encode({ file: new AnyBlob(['hello']) }, { a: 'ü' });
  expect(body).toBeInstanceOf(Uint8Array);
  vi.stubGlobal('FormData', Form);
  vi.stubGlobal('Blob', AnyBlob);
  vi.stubGlobal('File', globalThis.File ?? AnyBlob);
  expect((await new AnyResponse(body, { headers }).formData()).get('a')).toBe('ü');
});

describe('in a browser', () => {
  test('a Blob is read while it is sent', async () => {
    vi.stubGlobal('process', undefined);
    const file = new Blob(['hello'], { type: 'text/plain' });
    Object.defineProperty(file, 'arrayBuffer', { value: () => Promise.reject(new Error('not yet')) });
    const { body, headers } = await encode({ file }, { a: 1 });
    expect(body).toBeInstanceOf(Blob);
    const form = await new Response(body, { headers }).formData();
    expect([form.get('a'), await (form.get('file') as Blob).text()]).toEqual(['1', 'hello']);
  });

  test('bytes are sent as bytes', async () => {
    vi.stubGlobal('process', undefined);
    expect((await encode({ file: bytes })).body).toBeInstanceOf(Uint8Array);
  });

  test('a Blob of another frame is read first', async () => {
    vi.stubGlobal('process', undefined);
    const file = new Blob(['hello']);
    Object.setPrototypeOf(file, { __proto__: Object.prototype, [Symbol.toStringTag]: 'Blob' });
    Object.defineProperties(file, { type: { value: '' }, arrayBuffer: { value: async () => bytes.slice().buffer } });
    expect((await encode({ file })).body).toBeInstanceOf(Uint8Array);
  });
});

describe('in React Native', () => {
  /** Its form as far as its fetch reads it. */
  class NativeForm {
    readonly parts: [string, unknown][] = [];
    append(name: string, value: unknown): void {
      this.parts.push([name, value]);
    }
    getParts(): [string, unknown][] {
      return this.parts;
    }
  }

  const photo = { uri: 'file:///photo.jpg', name: 'photo.jpg', type: 'image/jpeg' };
  const encodeNative = (files: object, params: object = {}) => {
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('FormData', NativeForm);
    return encode(files, params);
  };

  test('a file of the device goes into its form, whose type its fetch writes', async () => {
    const { body, headers } = await encodeNative({ file: photo }, { a: 0.5 });
    expect((body as unknown as NativeForm).getParts()).toEqual([
      ['a', '0.5'],
      ['file', photo],
    ]);
    expect(headers).toEqual({});
  });

  test('a file of the device has a name and a type, without which Android sends none', async () => {
    const { body } = await encodeNative({ file: { uri: 'content://media/1' } });
    expect((body as unknown as NativeForm).getParts()).toEqual([
      ['file', { uri: 'content://media/1', name: 'file', type: 'application/octet-stream' }],
    ]);
  });

  test('files of the device and bytes cannot be in one form', async () => {
    await expect(encodeNative({ left: photo, right: bytes })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('right: in React Native all files of one form must have a uri, or none'),
    });
  });

  test('bytes are sent as bytes, also beside a Blob', async () => {
    expect((await encodeNative({ file: bytes })).body).toBeInstanceOf(Uint8Array);
    expect((await encodeNative({ left: bytes, right: new Blob(['a']) })).body).toBeInstanceOf(Uint8Array);
  });

  test('a Blob is sent as a Blob of texts and Blobs, which is all that its Blobs are made of', async () => {
    const { body, headers } = await encodeNative({ file: new Blob(['hello']) });
    expect(body).toBeInstanceOf(Blob);
    expect(headers['content-type']).toContain('multipart/form-data');
  });
});
