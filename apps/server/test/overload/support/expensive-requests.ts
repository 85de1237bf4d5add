import { request } from 'node:http';
import { gzipSync } from 'node:zlib';

/** One request that costs as much as the limits allow, and the statuses that are right for it. */
export interface Expensive {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Made when it is sent: all of them together would fill the memory. */
  readonly body: () => Buffer;
  readonly statuses: readonly number[];
}

/** `MAX_UPLOAD_MB` */
const maxUploadBytes = 20 * 1024 * 1024;
const json = { 'content-type': 'application/json' };
const refused = [400, 413, 422];

/** Numbers from 0 to below a limit, the same ones for the same seed: mulberry32. */
export function drawn(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/**
 * Requests to every door whose bodies take `bytes`, each of a kind that a parser, a validator or a decoder could take long
 * over. The server serves `draw` (a picture), `rows` (JSON), `compare` (two files), and the files `floats` and `texts`, which give back what they get.
 */
export function expensiveRequests(seed: number, jsonBytes: number): Expensive[] {
  /** Of the body that is being made. */
  let bytes = jsonBytes;
  const draw = drawn(seed);
  const fill = (unit: string, length = bytes): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  const digit = (): string => String(1 + draw(9));
  const letter = (): string => String.fromCharCode(97 + draw(26));
  const list = (element: string, separator = ','): string => {
    const count = Math.floor(bytes / (element.length + 1));
    return `[${Array.from({ length: count }, () => element).join(separator)}]`;
  };
  const names = (): string => {
    const count = Math.floor(bytes / 14);
    return `{${Array.from({ length: count }, (_, index) => `"${letter()}${index}":1`).join(',')}}`;
  };
  /** Base64 of any bytes. */
  const base64 = (): string => {
    const some = Buffer.from(Array.from({ length: 3 * 1_024 }, () => draw(256))).toString('base64');
    return fill(some, bytes - (bytes % 4));
  };

  /** JSON values that are expensive by themselves. */
  const values: Readonly<Record<string, () => string>> = {
    numbers: () => list(digit()),
    'long numbers': () => list(`0.${fill(digit(), 17)}`),
    objects: () => list('{}'),
    'objects with a name': () => list(`{"${letter()}":[]}`),
    'empty texts': () => list('""'),
    lists: () => list('[]'),
    names,
    depth: () => fill('['),
    'closed depth': () => `${fill('[', bytes / 2)}${fill(']', bytes / 2)}`,
    'one long text': () => `"${fill(letter())}"`,
    'one long text of escapes': () => `"${fill('\\u0001', bytes - (bytes % 6))}"`,
    'one long text of quotes': () => `"${fill('\\"', bytes - (bytes % 2))}"`,
    'texts of 60 kB': () => list(`"${fill(letter(), 60_000)}"`),
    'one long number': () => fill(digit()),
    spaces: () => `${fill(' ')}1`,
    'the same name': () => `{${fill(`"${letter()}":1,`)}"a":1}`.replace(/,[^,"]*"a":1}$/, ',"a":1}'),
    'no JSON': () => `[${fill('1 ')}`,
  };

  const requests: Expensive[] = [];
  const add = (
    name: string,
    path: string,
    body: () => string | Uint8Array,
    statuses: readonly number[] = refused,
    headers: Readonly<Record<string, string>> = json,
  ) =>
    requests.push({
      name,
      path,
      headers,
      statuses,
      body: () => {
        // Only JSON with a file in base64 may be larger than an upload; around the value is some more.
        bytes = headers === json && !path.startsWith('/v2') ? jsonBytes : Math.min(jsonBytes, maxUploadBytes - 1_000);
        return Buffer.from(body() as string);
      },
    });

  for (const [name, value] of Object.entries(values)) {
    const tensor = '{"name":"x","datatype":"FP32","shape":[1,1]';
    add(`REST, a file's data: ${name}`, '/draw', () => `{"input":{"data":${value()}}}`, [400, 413, 415, 422]);
    add(
      `REST, parameters: ${name}`,
      '/draw',
      () => `{"input":{"data":"AAAA","mediaType":"image/png"},"params":${value()}}`,
    );
    add(`REST, a JSON input: ${name}`, '/rows', () => `{"input":${value()}}`);
    add(`REST, an input of a batch: ${name}`, '/rows/batch', () => `{"inputs":[{"value":1},${value()}]}`, [
      200,
      ...refused,
    ]);
    add(`REST, the inputs of a batch: ${name}`, '/draw/batch', () => `{"inputs":${value()}}`);
    add(
      `REST, one of several files: ${name}`,
      '/compare',
      () => `{"input":{"left":{"data":"AAAA"},"right":${value()}}}`,
    );
    add(`tRPC, a file: ${name}`, '/trpc/draw.infer', () => `{"json":{"file":${value()}}}`);
    add(`tRPC, a JSON input: ${name}`, '/trpc/rows.infer', () => `{"json":{"input":${value()}}}`);
    add(
      `tRPC, a batch: ${name}`,
      '/trpc/rows.infer,draw.infer?batch=1',
      () => `{"0":{"json":{"input":${value()}}},"1":{"json":{"file":1}}}`,
      [207, ...refused],
    );
    add(
      `tRPC, a tensor: ${name}`,
      '/trpc/tensors.infer',
      () => `{"json":{"model":"floats","inputs":[${tensor},"data":${value()}}]}}`,
    );
    add(`/v2, a tensor: ${name}`, '/v2/models/floats/infer', () => `{"inputs":[${tensor},"data":${value()}}]}`);
    add(`/v2, a parameter: ${name}`, '/v2/models/floats/infer', () => `{"parameters":{"a":${value()}},"inputs":[]}`);
  }

  for (const [kind, text] of Object.entries({
    bigint: () => fill(digit()),
    Date: () => fill(digit()),
    regexp: () => `/${fill(`(${letter()}|`)}/`,
    URL: () => `http://a/${fill('%41')}`,
  })) {
    const meta = JSON.stringify({ values: { file: [kind] } });
    add(`tRPC, annotated as ${kind}`, '/trpc/draw.infer', () => `{"json":{"file":"${text()}"},"meta":${meta}}`);
    add(
      `tRPC, a short one annotated as ${kind}`,
      '/trpc/draw.infer',
      () => `{"json":{"file":"${text().slice(0, 500_000)}"},"meta":${meta}}`,
    );
  }
  add(
    'tRPC, a deep path',
    '/trpc/draw.infer',
    () => `{"json":{"file":1},"meta":{"values":{"file${fill('.a')}":["Date"]}}}`,
  );
  add(
    'tRPC, a typed array of its own',
    '/trpc/draw.infer',
    () => `{"json":{"file":${list('1')}},"meta":{"values":{"file":[["typed-array","Float64Array"]]}}}`,
  );
  add(
    'tRPC, nested annotations',
    '/trpc/draw.infer',
    () => `{"json":{"file":1},"meta":{"values":${fill('[["map",{"a":')}`,
  );

  const marked = { values: { 'file.data': [['custom', 'bytes']] } };
  add('REST, a file of base64', '/draw', () => `{"input":{"data":"${base64()}"}}`, [200, 400, 413, 415]);
  add(
    'REST, a file of base64 with escapes',
    '/draw',
    () => `{"input":{"data":"${fill('AAA\\/', bytes - (bytes % 20))}"}}`,
    [400, 413, 415],
  );
  add(
    'tRPC, a file of base64',
    '/trpc/draw.infer',
    () => `{"json":{"file":{"data":"${base64()}"}},"meta":${JSON.stringify(marked)}}`,
    [200, 400, 413, 415],
  );

  const encoded = (parts: number): string => {
    const text = fill('AAEC', Math.floor(bytes / parts / 4) * 4 - 80);
    return `{"data":"${text}","mediaType":"image/png"}`;
  };
  add(
    'REST, several files of base64',
    '/compare',
    () => `{"input":{"left":${encoded(2)},"right":${encoded(2)}}}`,
    [200, 400, 413],
  );
  add(
    'REST, a batch of base64',
    '/draw/batch',
    () => `{"inputs":[${Array.from({ length: 32 }, () => encoded(32)).join(',')}]}`,
    [200, 400, 413],
  );

  const identity = (datatype: string, count: number, data: string): string =>
    `{"inputs":[{"name":"x","datatype":"${datatype}","shape":[1,${count}],"data":[${data}]}]}`;
  const floats = Math.min(Math.floor((jsonBytes - 200) / 6), 990_000);
  add('/v2, numbers', '/v2/models/floats/infer', () => identity('FP32', floats, fill('0.125,', floats * 6 - 1)), [200]);
  const texts = Math.min(Math.floor((jsonBytes - 200) / 4), 990_000);
  add(
    '/v2, texts',
    '/v2/models/texts/infer',
    () => identity('BYTES', texts, fill(`"${letter()}",`, texts * 4 - 1)),
    [200],
  );
  // Each text of one byte after its length.
  add('/v2, binary texts', '/v2/models/texts/infer', () => Buffer.from(fill('\u0001\0\0\0a')), [400, 413], {
    'inference-header-content-length': '0',
  });
  add('/v2, zeros compressed', '/v2/models/floats/infer', () => gzipSync(Buffer.alloc(bytes * 10)), [400, 413], {
    ...json,
    'content-encoding': 'gzip',
  });

  const form = { 'content-type': 'multipart/form-data; boundary=b' };
  const fieldHead = '--b\r\nContent-Disposition: form-data; name="';
  add('a form of empty parts', '/draw', () => fill('\r\n--b\r\n\r\n'), [400, 413], form);
  add('a form of fields', '/draw', () => fill(`${fieldHead}a"\r\n\r\n1\r\n`), [400, 413], form);
  add('a form of many files', '/compare/batch', () => fill(`${fieldHead}left"\r\n\r\n1\r\n`), [400, 413], form);
  add('a form of a long head', '/draw', () => `--b\r\n${fill('a: b\r\n')}`, [400, 413], form);
  add('a form of a long name', '/draw', () => `${fieldHead}${fill(letter())}`, [400, 413], form);
  add('a form that is nearly its boundary', '/draw', () => fill(`\r\n--${fill('a', 199)}`), [400, 413], {
    'content-type': `multipart/form-data; boundary=${fill('a', 200)}`,
  });

  const noPicture = () => 'not a picture';
  const accept = { 'content-type': 'image/png', accept: fill('a/b;q=0.1,', 12_000) };
  add('a long Accept', '/draw', noPicture, [400, 406], accept);
  add('a long query', `/draw?${fill(`${letter()}=%41&`, 12_000)}`, noPicture, [400, 422], {
    'content-type': 'image/png',
  });
  add(
    'a query of many names',
    `/draw?${Array.from({ length: 1_500 }, (_, index) => `a${index}=1`).join('&')}`,
    noPicture,
    [400],
    {
      'content-type': 'image/png',
    },
  );
  return requests;
}

/** Sends one of them; resolves with its status once all of the response is there. */
export function send(url: string, { path, headers, body }: Expensive): Promise<number> {
  return new Promise((resolve, reject) => {
    const bytes = body();
    const sending = request(`${url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-length': bytes.length },
    });
    sending.on('response', (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    // A refusal may come before all has been sent, and then the connection closes.
    sending.on('error', reject);
    sending.end(bytes);
  });
}
