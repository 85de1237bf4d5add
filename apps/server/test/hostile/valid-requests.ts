import { gzipSync } from 'node:zlib';
import { transformer } from '@portico/api';
import type { Random } from './random.ts';

/** One request, before anything is done to it. */
export interface HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface MediaFile {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** Real pictures and recordings to send and to damage. */
export interface Media {
  readonly pictures: readonly MediaFile[];
  readonly recordings: readonly MediaFile[];
}

export const boundary = 'boundary-of-a-form';

const empty = Buffer.alloc(0);
const none: HttpRequest['headers'] = [];
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const jsonHeaders: HttpRequest['headers'] = [['content-type', 'application/json']];

const probes = ['/', '/health', '/ready', '/gpu', '/models', '/metrics', '/openapi.json', '/v2', '/v2/health/live'];
const pages = ['/docs', '/docs/', '/docs/static/swagger-ui.css', '/docs/json', '/docs/yaml', '/docs/static/index.html'];
const metadata = ['/v2/models/echo', '/v2/models/echo/ready', '/v2/models/words/versions/1', '/v2/health/ready'];
const queries = ['models.list', 'status.ready', 'status.gpu'];

/** A request that the server would serve, for any of its doors. */
export function validRequest(random: Random, media: Media): HttpRequest {
  const door = random.weighted<(random: Random, media: Media) => HttpRequest>([
    [8, rawFile],
    [10, formFile],
    [6, formFiles],
    [8, jsonFile],
    [4, jsonFiles],
    [8, jsonValue],
    [5, batch],
    [5, jsonBatch],
    [4, stream],
    [14, trpcCall],
    [8, trpcQuery],
    [6, tensorsOverTrpc],
    [8, tensorsAsJson],
    [8, tensorsAsBytes],
    [3, repositoryIndex],
    [3, repositoryChange],
    [13, reading],
  ]);
  return door(random, media);
}

/** A task that takes a file, and a file for it. Models that compute come seldom: they take the time of everything else. */
function fileTask(random: Random, { pictures, recordings }: Media): { task: string; file: MediaFile; query: string } {
  return random.weighted([
    [6, { task: 'draw', file: random.pick(pictures), query: `side=${random.between(1, 16)}` }],
    [3, { task: 'copy', file: { ...random.pick(recordings), mediaType: 'video/mp4' }, query: 'times=2' }],
    [2, { task: 'faces', file: random.pick(pictures), query: 'minConfidence=0.9' }],
    [2, { task: 'vad', file: random.pick(recordings), query: 'threshold=0.5' }],
  ]);
}

function rawFile(random: Random, media: Media): HttpRequest {
  const { task, file, query } = fileTask(random, media);
  const headers = [['content-type', file.mediaType] as const];
  const produced = { draw: 'image/png', copy: 'application/octet-stream' }[task];
  const asBytes = produced !== undefined && random.chance(0.3) ? [['accept', produced] as const] : [];
  return { method: 'POST', target: `/${task}?${query}`, headers: [...headers, ...asBytes], body: file.bytes };
}

export const formPart = (name: string, value: string | MediaFile): Buffer => {
  const rest = typeof value === 'string' ? '' : `; filename="f"\r\ncontent-type: ${value.mediaType}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${rest}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), typeof value === 'string' ? Buffer.from(value) : value.bytes, lineEnd]);
};
const lineEnd = Buffer.from('\r\n');
const formEnd = Buffer.from(`--${boundary}--\r\n`);
const formHeaders: HttpRequest['headers'] = [['content-type', `multipart/form-data; boundary=${boundary}`]];

function formFile(random: Random, media: Media): HttpRequest {
  const { task, file, query } = fileTask(random, media);
  const [name = '', value = ''] = query.split('=');
  const body = Buffer.concat([formPart(name, value), formPart('file', file), formEnd]);
  return { method: 'POST', target: `/${task}`, headers: formHeaders, body };
}

/** The files of the task with several. */
const pair = (random: Random, { pictures, recordings }: Media) => ({
  left: random.pick(pictures),
  right: random.pick([...pictures, ...recordings]),
});

function formFiles(random: Random, media: Media): HttpRequest {
  const { left, right } = pair(random, media);
  const body = Buffer.concat([formPart('left', left), formPart('note', 'two'), formPart('right', right), formEnd]);
  const headers = random.chance(0.2) ? [...formHeaders, ['accept', 'text/event-stream'] as const] : formHeaders;
  return { method: 'POST', target: '/compare', headers, body };
}

const pairAsJson = (random: Random, media: Media) => {
  const { left, right } = pair(random, media);
  return { left: asJson(left), right: asJson(right) };
};

function jsonFiles(random: Random, media: Media): HttpRequest {
  const body = json({ input: pairAsJson(random, media), params: { note: 'two' } });
  return { method: 'POST', target: '/compare', headers: jsonHeaders, body };
}

/** Several inputs of a task of any kind. */
function jsonBatch(random: Random, media: Media): HttpRequest {
  const [task, inputOf] = random.weighted<readonly [task: string, inputOf: () => unknown]>([
    [2, ['say', () => ({ text: 'm'.repeat(random.between(1, 20)) })]],
    [2, ['dense', () => ({ value: random.between(-9, 9) })]],
    [1, ['warn', () => warned]],
    [2, ['draw', () => asJson(random.pick(media.pictures))]],
    [2, ['compare', () => pairAsJson(random, media)]],
  ]);
  const inputs = Array.from({ length: random.between(1, 6) }, inputOf);
  return { method: 'POST', target: `/${task}/batch`, headers: jsonHeaders, body: json({ inputs, params: {} }) };
}

function batch(random: Random, media: Media): HttpRequest {
  const task = random.weighted([
    [6, 'draw'],
    [2, 'compare'],
    [2, 'faces'],
  ]);
  const files = Array.from({ length: random.between(1, 5) }, () => {
    if (task !== 'compare') return formPart('file', random.pick(media.pictures));
    const { left, right } = pair(random, media);
    return Buffer.concat([formPart('left', left), formPart('right', right)]);
  });
  return { method: 'POST', target: `/${task}/batch`, headers: formHeaders, body: Buffer.concat([...files, formEnd]) };
}

const asJson = ({ bytes, mediaType }: MediaFile) => ({ data: bytes.toString('base64'), mediaType });

function jsonFile(random: Random, media: Media): HttpRequest {
  const { task, file } = fileTask(random, media);
  const params = task === 'draw' ? { side: 3, shade: 7 } : {};
  return { method: 'POST', target: `/${task}`, headers: jsonHeaders, body: json({ input: asJson(file), params }) };
}

/** Of a task that warns. */
const warned = { codes: ['truncated', 'firstPage'] };

function jsonValue(random: Random): HttpRequest {
  if (random.chance(0.2)) {
    const headers = [...jsonHeaders, ['accept', random.pick(['*/*', 'text/plain', 'text/event-stream'])] as const];
    return { method: 'POST', target: '/warn', headers, body: json({ input: warned, params: {} }) };
  }
  const body = json({ input: { value: random.between(-9, 9) }, params: {} });
  return { method: 'POST', target: '/dense', headers: jsonHeaders, body };
}

function stream(random: Random, { recordings }: Media): HttpRequest {
  const { mediaType, bytes } = random.pick(recordings);
  const headers = [
    ['content-type', mediaType],
    ['accept', 'text/event-stream'],
  ] as const;
  return { method: 'POST', target: '/vad', headers, body: bytes };
}

const overTrpc = (value: unknown): unknown => transformer.serialize(value);

const pairOverTrpc = (random: Random, media: Media) => {
  const { left, right } = pair(random, media);
  return { left: { data: left.bytes, mediaType: left.mediaType }, right: { data: right.bytes } };
};

function trpcCall(random: Random, media: Media): HttpRequest {
  const { task, file } = fileTask(random, media);
  const { bytes: data, mediaType } = file;
  const calls = random.weighted<readonly (readonly [string, unknown])[]>([
    [4, [['dense.infer', { input: { value: 1 } }]]],
    [3, [[`${task}.infer`, { file: { data, mediaType }, params: {} }]]],
    [1, [['vad.stream', { file: random.pick(media.recordings) }]]],
    [2, [['compare.infer', { files: pairOverTrpc(random, media) }]]],
    [1, [['say.infer', { input: { text: 'hum' }, params: { pitch: 99 } }]]],
    [3, Array.from({ length: random.between(1, 6) }, (_, value) => ['dense.infer', { input: { value } }] as const)],
  ]);
  const isBatch = calls.length > 1 || random.chance(0.3);
  const inputs = calls.map(([, input]) => overTrpc(input));
  const accept = isBatch && random.chance(0.5) ? [['trpc-accept', 'application/jsonl'] as const] : [];
  return {
    method: 'POST',
    target: `/trpc/${calls.map(([path]) => path).join(',')}${isBatch ? '?batch=1' : ''}`,
    headers: [...jsonHeaders, ...accept],
    body: json(isBatch ? Object.fromEntries(inputs.entries()) : inputs[0]),
  };
}

function trpcQuery(random: Random): HttpRequest {
  const paths = Array.from({ length: random.between(1, 3) }, () => random.pick(queries));
  const isBatch = paths.length > 1;
  const input = encodeURIComponent(JSON.stringify(isBatch ? {} : { json: null }));
  const target = `/trpc/${paths.join(',')}?input=${input}${isBatch ? '&batch=1' : ''}`;
  return { method: random.chance(0.1) ? 'HEAD' : 'GET', target, headers: none, body: empty };
}

function tensorsOverTrpc(random: Random): HttpRequest {
  const values = Float32Array.from({ length: random.between(1, 12) }, () => random.below(100));
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, values.length], data: values }];
  return {
    method: 'POST',
    target: '/trpc/tensors.infer',
    headers: jsonHeaders,
    body: json(overTrpc({ model: 'echo', inputs })),
  };
}

function tensorsAsJson(random: Random): HttpRequest {
  const data = Array.from({ length: random.between(1, 12) }, () => random.below(100));
  const isText = random.chance(0.3);
  const input = isText
    ? { name: 'x', datatype: 'BYTES', shape: [1, data.length], data: data.map(String) }
    : { name: 'x', datatype: 'FP32', shape: [1, data.length], data };
  const body = json({
    id: '1',
    inputs: [input],
    outputs: [{ name: 'y', parameters: { binary_data: random.chance(0.3) } }],
  });
  const zipped = random.chance(0.3);
  return {
    method: 'POST',
    target: `/v2/models/${isText ? 'words' : 'echo'}/infer`,
    headers: zipped ? [...jsonHeaders, ['content-encoding', 'gzip'], ['accept-encoding', 'gzip']] : jsonHeaders,
    body: zipped ? gzipSync(body) : body,
  };
}

function tensorsAsBytes(random: Random): HttpRequest {
  const values = Buffer.from(Float32Array.from({ length: random.between(1, 400) }, () => random.next()).buffer);
  const parameters = { binary_data_size: values.length };
  const head = json({ inputs: [{ name: 'x', datatype: 'FP32', shape: [1, values.length / 4], parameters }] });
  const isRaw = random.chance(0.2);
  return {
    method: 'POST',
    target: '/v2/models/echo/infer',
    headers: [
      ['content-type', 'application/octet-stream'],
      ['inference-header-content-length', isRaw ? '0' : String(head.length)],
    ],
    body: isRaw ? values : Buffer.concat([head, values]),
  };
}

function repositoryIndex(random: Random): HttpRequest {
  const target = '/v2/repository/index';
  if (random.chance(0.3)) return { method: 'POST', target, headers: none, body: empty };
  return { method: 'POST', target, headers: jsonHeaders, body: json({ ready: random.chance(0.5) }) };
}

/** The server under test takes none: what is damaged in them has to be refused just as well. */
function repositoryChange(random: Random): HttpRequest {
  const target = `/v2/repository/models/${random.pick(['echo', 'words', 'other'])}/${random.pick(['load', 'unload'])}`;
  const parameters = random.pick([
    {},
    { unload_dependents: true },
    { config: '{}' },
    { 'file:1/model.onnx': 'CAcSBA==' },
  ]);
  return { method: 'POST', target, headers: jsonHeaders, body: json({ parameters }) };
}

function reading(random: Random): HttpRequest {
  const target = random.pick([...probes, ...pages, ...metadata]);
  return { method: random.pick(['GET', 'GET', 'GET', 'HEAD', 'OPTIONS']), target, headers: none, body: empty };
}
