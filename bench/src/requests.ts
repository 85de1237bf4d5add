import { digitPicture, digitScores } from './models/digits-file.ts';

/** Requests as they go over sockets, and what their responses must be. */
export interface SocketRequest {
  readonly messages: readonly Uint8Array[];
  /** Says what is wrong with the body of a response, `undefined` where nothing is. */
  readonly check: (body: Buffer) => string | undefined;
}

/** The file that is uploaded: as large as a photograph for the web. */
const uploadBytes = 100_000;
/** Scores after other arithmetic: rows joined otherwise, other builds of ONNX Runtime. */
const tolerance = 1e-4;
const boundary = '----portico-bench';

const jsonType = 'application/json';
const bytesType = 'application/octet-stream';
const picture = new Uint8Array(digitPicture.buffer);
const image = { name: 'image', datatype: 'FP32', shape: [1, 1, 28, 28] };

interface Body {
  readonly path: string;
  readonly type: string;
  readonly content: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The bytes of a whole POST request; every server gets the same headers. */
function post({ path, type, content, headers = {} }: Body): Uint8Array {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `content-type: ${type}`,
    `content-length: ${content.byteLength}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), content]);
}

const get = (path: string): Uint8Array => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);

/** Health, for which nothing is run. */
export const healthRequest: SocketRequest = {
  messages: [get('/health')],
  check: (body) => (body.includes('ok') ? undefined : body.toString()),
};

/** The picture under `/v2` as binary data, in the form that Triton's clients send. */
export function binaryTensors(expected: readonly number[], path = '/v2/models/digitsFile/infer'): SocketRequest {
  const head = Buffer.from(
    JSON.stringify({
      inputs: [{ ...image, parameters: { binary_data_size: picture.byteLength } }],
      parameters: { binary_data_output: true },
    }),
  );
  const headers = { 'inference-header-content-length': String(head.byteLength) };
  const messages = [post({ path, type: bytesType, content: Buffer.concat([head, picture]), headers })];
  return { messages, check: (body) => compareScores(lastScores(body), expected) };
}

/** The picture under `/v2` as JSON. */
export function jsonTensors(expected: readonly number[], path = '/v2/models/digitsFile/infer'): SocketRequest {
  const content = Buffer.from(JSON.stringify({ inputs: [{ ...image, data: [...digitPicture] }] }));
  const scoresOf = (body: Buffer): unknown =>
    (JSON.parse(body.toString()) as { outputs?: { data?: unknown }[] }).outputs?.[0]?.data;
  return {
    messages: [post({ path, type: jsonType, content })],
    check: (body) => compareScores(scoresOf(body), expected),
  };
}

/** The picture as 3 136 bytes and nothing else, ten numbers of four bytes back. */
export const rawPicture = (expected: readonly number[], path: string): SocketRequest => ({
  messages: [post({ path, type: bytesType, content: picture })],
  check: (body) => compareScores(lastScores(body), expected),
});

/** The picture as a list under a name, ten numbers under a name back, as is common in Python. */
export const jsonPicture = (
  expected: readonly number[],
  { path, input, output }: { readonly path: string; readonly input: string; readonly output?: string },
): SocketRequest => ({
  messages: [post({ path, type: jsonType, content: Buffer.from(JSON.stringify({ [input]: [...digitPicture] })) })],
  check: (body) => {
    const value: unknown = JSON.parse(body.toString());
    return compareScores(output === undefined ? value : (value as Record<string, unknown>)[output], expected);
  },
});

/** A file in a form, as browsers and `curl -F` send it. */
export function formUpload(): SocketRequest {
  const content = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="noise.flac"\r\ncontent-type: audio/flac\r\n\r\n`,
    ),
    upload,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const messages = [post({ path: '/weigh', type: `multipart/form-data; boundary=${boundary}`, content })];
  return { messages, check: weighed };
}

/** The same file over tRPC, where it is base64 in SuperJSON. */
export function trpcUpload(): SocketRequest {
  const file = { data: upload.toString('base64'), mediaType: 'audio/flac' };
  const meta = { values: { 'file.data': [['custom', 'bytes']] }, v: 1 };
  const content = Buffer.from(JSON.stringify({ json: { file }, meta }));
  return { messages: [post({ path: '/trpc/weigh.infer', type: jsonType, content })], check: weighed };
}

/** Bytes under `/v2` as binary data, for a file that says how many they are. */
export function bytesTensor(byteLength: number): SocketRequest {
  const input = { name: 'bytes', datatype: 'UINT8', shape: [byteLength], parameters: { binary_data_size: byteLength } };
  const head = Buffer.from(JSON.stringify({ inputs: [input] }));
  const headers = { 'inference-header-content-length': String(head.byteLength) };
  const content = Buffer.concat([head, noise(byteLength)]);
  return {
    messages: [post({ path: '/v2/models/length/infer', type: bytesType, content, headers })],
    check: (body) => (body.includes(`"data":[${byteLength}]`) ? undefined : body.toString()),
  };
}

/** A sentence for each connection, of four to two dozen words. */
const texts: readonly string[] = Array.from({ length: 32 }, (_, index) => {
  const words = 'the quick brown fox jumps over the lazy dog while a model of some size reads what people write'.split(
    ' ',
  );
  return Array.from({ length: 4 + ((index * 7) % 21) }, (_, word) => words[(index + word) % words.length]).join(' ');
});
const embeddingLength = 384;

/** One text a request; 384 numbers of unit length back, under `embeddings`. */
export const jsonTexts = (path: string, bodyOf: (texts: readonly string[]) => unknown): SocketRequest => ({
  messages: texts.map((text) => post({ path, type: jsonType, content: Buffer.from(JSON.stringify(bodyOf([text]))) })),
  check: (body) => {
    const { embeddings } = JSON.parse(body.toString()) as { embeddings?: number[][] };
    const [vector = []] = embeddings ?? [];
    const length = Math.hypot(...vector);
    const fits = vector.length === embeddingLength && Math.abs(length - 1) <= tolerance;
    return fits ? undefined : `no ${embeddingLength} numbers of length 1: ${body.subarray(0, 120).toString()}`;
  },
});

/** Bytes of every value, always the same, after the signature of a FLAC. */
function noise(byteLength: number): Buffer {
  const bytes = Buffer.from(Uint8Array.from({ length: byteLength }, (_, index) => (index * 2_654_435_761) >>> 13));
  bytes.write('fLaC', 'latin1');
  return bytes;
}

const upload = noise(uploadBytes);
const weighed = (body: Buffer): string | undefined =>
  body.includes(`"bytes":${uploadBytes}`) ? undefined : body.toString();

function lastScores(body: Buffer): number[] {
  const start = body.byteLength - digitScores * Float32Array.BYTES_PER_ELEMENT;
  return Array.from({ length: digitScores }, (_, index) => body.readFloatLE(start + index * 4));
}

function compareScores(scores: unknown, expected: readonly number[]): string | undefined {
  const flat: unknown = Array.isArray(scores) ? scores.flat() : scores;
  const equal =
    Array.isArray(flat) &&
    flat.length === expected.length &&
    expected.every((value, index) => Math.abs(value - Number(flat[index])) <= tolerance);
  return equal ? undefined : `not the scores ${expected.join(', ')}: ${JSON.stringify(scores)}`;
}
