import { gunzipSync, gzipSync } from 'node:zlib';
import { manyHeaders, oddHeader } from './odd-headers.ts';
import { oddMethod, oddTarget } from './odd-targets.ts';
import { oddJson, oddMeta } from './odd-values.ts';
import type { Random } from './random.ts';
import { boundary, formPart, type HttpRequest } from './valid-requests.ts';

/** Damages a request in one to three ways. */
export function damaged(random: Random, request: HttpRequest): HttpRequest {
  let result = request;
  for (
    let times = random.weighted([
      [6, 1],
      [3, 2],
      [1, 3],
    ]);
    times > 0;
    times -= 1
  )
    result = damageOnce(random, result);
  return result;
}

function damageOnce(random: Random, request: HttpRequest): HttpRequest {
  const way = random.weighted<(random: Random, request: HttpRequest) => HttpRequest>([
    [request.body.length > 0 ? 26 : 0, damageBody],
    [10, (_random, before) => withHeader(before, oddHeader(random))],
    [2, (_random, before) => ({ ...before, headers: [...before.headers, oddHeader(random)] })],
    [2, (_random, before) => ({ ...before, headers: before.headers.filter(() => random.chance(0.5)) })],
    [1, (_random, before) => ({ ...before, headers: [...before.headers, ...before.headers] })],
    [1, (_random, before) => ({ ...before, headers: [...before.headers, ...manyHeaders(random)] })],
    [8, (_random, before) => ({ ...before, target: oddTarget(random, before.target) })],
    [6, (_random, before) => ({ ...before, method: oddMethod(random) })],
  ]);
  return way(random, request);
}

const withHeader = (request: HttpRequest, [name, value]: readonly [string, string]): HttpRequest => ({
  ...request,
  headers: [...request.headers.filter(([other]) => other !== name), [name, value]],
});

function damageBody(random: Random, request: HttpRequest): HttpRequest {
  const type = request.headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  const isZipped = request.headers.some(([name, value]) => name === 'content-encoding' && value === 'gzip');
  const ways: (readonly [number, (random: Random, body: Buffer) => Buffer])[] = [
    [10, damageBytes],
    [2, inAnotherCharset],
  ];
  if (type.startsWith('application/json')) ways.push([30, damageJson]);
  if (type.startsWith('multipart/form-data')) ways.push([20, damageForm]);
  const way = random.weighted(ways);
  if (!isZipped || random.chance(0.3)) return { ...request, body: way(random, request.body) };
  return { ...request, body: gzipSync(way(random, unzipped(request.body))) };
}

function unzipped(body: Buffer): Buffer {
  try {
    return gunzipSync(body);
  } catch {
    // It has been damaged before.
    return body;
  }
}

function damageBytes(random: Random, body: Buffer): Buffer {
  const at = random.below(body.length + 1);
  const until = Math.min(body.length, at + random.between(1, 64));
  return random.weighted([
    [4, () => flipped(random, body)],
    [3, () => body.subarray(0, at)],
    [1, () => body.subarray(at)],
    [1, () => Buffer.concat([body, random.bytes(random.between(1, 500))])],
    [1, () => Buffer.concat([body, body])],
    [1, () => Buffer.concat([body.subarray(0, at), body.subarray(until)])],
    [1, () => Buffer.concat([body.subarray(0, at), random.bytes(random.between(1, 64)), body.subarray(at)])],
    [1, () => random.bytes(random.between(0, 3_000))],
    [1, () => Buffer.alloc(0)],
    [1, () => Buffer.alloc(random.pick([1, 100, 70_000]), random.below(256))],
  ])();
}

function flipped(random: Random, body: Buffer): Buffer {
  const result = Buffer.from(body);
  if (body.length === 0) return result;
  // The head of a file, or of JSON, decides most.
  const range = random.chance(0.6) ? Math.min(64, body.length) : body.length;
  for (let times = random.between(1, 8); times > 0; times -= 1) {
    const at = random.below(range);
    result[at] = random.chance(0.5) ? random.below(256) : (result[at] ?? 0) ^ (1 << random.below(8));
  }
  return result;
}

const inAnotherCharset = (random: Random, body: Buffer): Buffer =>
  random.pick([
    () => Buffer.from(body.toString('utf8'), 'utf16le'),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
    () => Buffer.concat([Buffer.from([0xff, 0xfe]), body]),
    () => Buffer.from(body.toString('latin1'), 'utf8'),
    () => Buffer.from(body.toString('base64')),
    () => Buffer.from(encodeURIComponent(body.toString('latin1'))),
  ])();

/** Deeper than what walks through JSON one call a level can go. */
const deep = ['['.repeat(40), '{"a":'.repeat(40)];

/** Stands where an odd value goes once the rest is text. */
const placeholder = '@odd@';

function damageJson(random: Random, body: Buffer): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    // It has been damaged before.
    return damageBytes(random, body);
  }
  if (deep.some((mark) => body.includes(mark))) return damageBytes(random, body);
  if (random.chance(0.1)) return Buffer.from(oddJson(random));
  const root = { value };
  if (random.chance(0.3) && isObject(value)) {
    const holder = 'json' in value ? value : ((value as Record<string, unknown>)['0'] as object | undefined);
    if (isObject(holder)) (holder as Record<string, unknown>)['meta'] = oddMeta(random);
  } else changeOne(random, root);
  const text = JSON.stringify(root.value) ?? '';
  return Buffer.from(text.replaceAll(`"${placeholder}"`, () => oddJson(random)));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Changes one place somewhere in a value: replaced, removed, doubled, or with a name more. */
function changeOne(random: Random, root: object): void {
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const visit = (holder: object): void => {
    for (const [key, child] of Object.entries(holder)) {
      places.push({ holder: holder as Record<string, unknown>, key });
      if (isObject(child)) visit(child);
    }
  };
  visit(root);
  const { holder, key } = random.pick(places);
  random.weighted<() => unknown>([
    [8, () => (holder[key] = placeholder)],
    [2, () => delete holder[key]],
    [1, () => (holder[key] = [holder[key], holder[key]])],
    [1, () => (holder[key] = { [key]: holder[key] })],
    [1, () => (holder[random.pick(['extra', 'url', 'path', '', 'constructor', 'then'])] = placeholder)],
    [1, () => (holder[key] = `${JSON.stringify(holder[key])}\u0000é💥`)],
  ])();
}

function damageForm(random: Random, body: Buffer): Buffer {
  const text = body.toString('latin1');
  const replaced = (before: string, after: string): Buffer =>
    Buffer.from(
      text.replace(before, () => after),
      'latin1',
    );
  return random.weighted([
    [2, () => replaced(boundary, random.pick(['other', '', `${boundary}x`]))],
    [2, () => Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1')],
    [
      2,
      () =>
        replaced(
          text.includes('name="left"') ? 'name="left"' : 'name="file"',
          random.pick([
            'name="image"',
            'name=file',
            'name=""',
            'name',
            "name*=utf-8''file",
            'name="__proto__"',
            'name="file[]"',
            `name="${'n'.repeat(300)}"`,
          ]),
        ),
    ],
    [
      2,
      () =>
        replaced(
          'filename="f"',
          random.pick([
            'filename=""',
            'filename="../../x"',
            `filename="${'f'.repeat(5_000)}"`,
            "filename*=utf-8''%zz",
            'filename="\u00ff"',
            '',
          ]),
        ),
    ],
    [
      2,
      () =>
        replaced(
          'content-disposition',
          random.pick([
            'content-transfer-encoding: base64\r\ncontent-disposition',
            'x',
            ': ',
            'content-type: application/json\r\ncontent-disposition',
          ]),
        ),
    ],
    [1, () => replaced('\r\n\r\n', '\r\n')],
    [1, () => replaced(`--${boundary}--`, '')],
    [
      1,
      () =>
        Buffer.concat([
          ...Array.from({ length: random.pick([40, 300]) }, (_, index) => formPart(`f${index}`, 'x')),
          body,
        ]),
    ],
    [1, () => Buffer.concat([formPart('side', 'y'.repeat(random.pick([10, 70_000]))), body])],
    [1, () => Buffer.concat([Buffer.from('preamble\r\n'), body, Buffer.from('epilogue')])],
  ])();
}
