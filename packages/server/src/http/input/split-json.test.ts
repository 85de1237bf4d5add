import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LargeParts, largeBytes, type SplitJson, splitJson } from './split-json.ts';

const mebibyte = 1024 * 1024;
const file: LargeParts = { files: [['input', 'data']] };
const value: LargeParts = { values: [['input']] };
const split = (json: string, large = file): Promise<SplitJson> => splitJson(Buffer.from(json), () => large);
const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, index) => (index * 31) % 251));

/** What the body says once its parts are put back. */
function joined({ text, parts }: SplitJson, fileOf: (bytes: Uint8Array) => unknown): unknown {
  const { input, ...rest } = JSON.parse(text) as { input: { data: string } | string };
  if (typeof input === 'string') return { ...rest, input: JSON.parse(Buffer.from(parts.get(input) ?? []).toString()) };
  return { ...rest, input: { ...input, data: fileOf(parts.get(input.data) ?? new Uint8Array()) } };
}

describe('A large file in JSON', () => {
  const data = bytes(200_000);
  const text = data.toString('base64');

  it.each([
    ['as it is', JSON.stringify(text)],
    ['with escaped slashes, as PHP writes it', JSON.stringify(text).replaceAll('/', '\\/')],
    ['with every character escaped', `"${text.replaceAll(/[^]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`)}"`],
    ['in the alphabet for URLs, unpadded', JSON.stringify(data.toString('base64url'))],
  ])('is decoded %s', async (_how, json) => {
    const body = `{"params":{"a":[1]},"input" : { "mediaType":"image/png", "data": ${json} } }`;
    const result = await split(body);
    expect(result.text.length).toBeLessThan(200);
    expect(joined(result, (decoded) => Buffer.compare(decoded, data))).toEqual({
      params: { a: [1] },
      input: { mediaType: 'image/png', data: 0 },
    });
  });

  it('is decoded across the turns that it takes', async () => {
    const large = bytes(3 * mebibyte + 1);
    const escaped = JSON.stringify(large.toString('base64')).replaceAll('/', '\\/');
    const result = await split(`{"input":{"data":${escaped}}}`);
    expect(joined(result, (decoded) => Buffer.compare(decoded, large))).toEqual({ input: { data: 0 } });
  });

  it('keeps what comes before it, such as the kind of an array', async () => {
    for (const before of ['float32:', 'data:image/png;base64,']) {
      const { text: rest, parts } = await split(`{"input":{"data":"${before}${text}"}}`);
      const [marker] = [...parts.keys()] as [string];
      expect(JSON.parse(rest)).toEqual({ input: { data: `${before}${marker}` } });
      expect(Buffer.compare(largeBytes(parts, Buffer.from(marker, 'base64')), data)).toBe(0);
    }
  });

  it('is refused where it is not base64', async () => {
    for (const wrong of [
      `${text}*`,
      `*${text}`,
      `${text}=${text}`,
      `${text}\\n`,
      `${text}\\x`,
      `ü${text}`,
      `${text}A`.slice(3),
    ])
      await expect(split(`{"input":{"data":"${wrong}"}}`)).rejects.toThrow('input.data is not valid base64.');
  });

  it('counts where the last of two names counts', async () => {
    const other = bytes(50_000);
    const body = `{"input":{"data":"${text}"},"input":{"data":"${other.toString('base64')}"}}`;
    expect(joined(await split(body), (decoded) => Buffer.compare(decoded, other))).toEqual({ input: { data: 0 } });
  });
});

describe('A large input that is itself JSON', () => {
  it('is handed on as it came, wherever it is', async () => {
    const list = Array.from({ length: 5_000 }, (_, index) => ({ [`a"\\${index}`]: [index, '}', null] }));
    for (const body of [
      { input: list, params: { b: ',' } },
      { params: { b: ',' }, input: list },
    ]) {
      const result = await split(JSON.stringify(body, undefined, 1), value);
      expect(result.text.length).toBeLessThan(200);
      expect(joined(result, () => 0)).toEqual(body);
    }
  });

  it('does not keep the body that it was a little part of', async () => {
    const [small, large] = ['[1]', JSON.stringify(Array.from({ length: 100_000 }, () => 1))];
    const { parts } = await split(`{"inputs":[${small},${large},${small}]}`, { values: [['inputs', '*']] });
    const held = [...parts.values()].map(({ byteLength, buffer }) => buffer.byteLength - byteLength);
    expect(held.map((bytes) => bytes < 20_000)).toEqual([true, true, true]);
  });

  it('stays where it is small', async () => {
    const body = JSON.stringify({ input: Array.from({ length: 990 }, () => 'some words'.repeat(9)) });
    expect(await split(body, value)).toEqual({ text: body, parts: new Map() });
  });

  it('has at most a million values', async () => {
    await expect(split(`{"input":[${'1,'.repeat(1_000_001)}1]}`, value)).rejects.toThrow('more than 1000000 values');
  });
});

it('Whatever the JSON, taking it apart loses nothing', async () => {
  const small = { ...value, maxValues: 3 };
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), fc.jsonValue({ maxDepth: 0 }), async (input, other) => {
      // Long enough to be looked through.
      const body = { input, other, long: ' '.repeat(20_000) };
      const text = JSON.stringify(body);
      const result = await split(text, small);
      expect(result.text === text ? JSON.parse(text) : joined(result, () => 0)).toEqual(JSON.parse(text));
    }),
    { numRuns: 200 },
  );
});

describe('Refused before it is parsed', () => {
  it.each<[string, string]>([
    ['more than 1000 values', `{"params":{${Array.from({ length: 1_001 }, (_, index) => `"k${index}":1`).join()}}}`],
    ['more than 1000 values', `[${'0,'.repeat(20_000)}0]`],
    ['deeper than 128 levels', '['.repeat(200)],
    ['deeper than 128 levels', '{"a":'.repeat(100_000)],
    ['deeper than 128 levels', `{"input":${'['.repeat(100_000)}`],
    ['1 MiB apart from', `{"params":{"text":"${'a'.repeat(2 * mebibyte)}"}}`],
    ['1 MiB apart from', `{"${'a'.repeat(2 * mebibyte)}":1}`],
    ['1 MiB apart from', ' '.repeat(2 * mebibyte)],
    ['not valid JSON', `{"input":["${'a'.repeat(20_000)}"}`],
    ['not valid JSON', `{"input":["${'a'.repeat(20_000)}`],
  ])('%s', async (message, body) => {
    for (const large of [file, value]) await expect(split(body, large)).rejects.toThrow(message);
  });

  it('what is no UTF-8', async () => {
    await expect(splitJson(Buffer.from([0x22, 0xff, 0x22]), () => file)).rejects.toThrow('not valid UTF-8');
  });
});
