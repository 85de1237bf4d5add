import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bytesFromBase64, bytesToBase64 } from './bytes.ts';
import { PlainJson, serverTransformer, transformer } from './transformer.ts';
import { type Context, procedure, router } from './trpc.ts';

const overTheWire = (value: unknown): unknown =>
  transformer.deserialize(JSON.parse(JSON.stringify(transformer.serialize(value))));

const someBytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 31) % 256);

describe('the transformer', () => {
  test.each([0, 1, 2, 3, 255, 0x8000, 0x8001, 1_000_000])('carries %i bytes', (length) => {
    const bytes = someBytes(length);
    const result = overTheWire({ data: bytes }) as { data: Uint8Array };
    expect(Buffer.compare(result.data, bytes)).toBe(0);
  });

  test('writes bytes as base64, four characters for three bytes', () => {
    expect(transformer.serialize({ data: someBytes(3) }).json).toEqual({ data: 'AB8+' });
    const wire = JSON.stringify(transformer.serialize({ data: someBytes(1_000_000) }));
    expect(wire.length).toBeLessThan(1_340_000);
  });

  test('takes a Buffer for bytes and gives back a plain Uint8Array', () => {
    const result = overTheWire({ data: Buffer.from('hello') }) as { data: Uint8Array };
    expect(result.data.constructor).toBe(Uint8Array);
    expect(result.data).toEqual(new TextEncoder().encode('hello'));
  });

  test('takes only its own part of a larger buffer', () => {
    const part = someBytes(100).subarray(10, 13);
    expect(overTheWire(part)).toEqual(someBytes(100).slice(10, 13));
  });

  test.each([
    Int8Array.of(-128, 127),
    Int16Array.of(-32_768, 32_767),
    Uint16Array.of(0, 65_535),
    Int32Array.of(-2_147_483_648, 1),
    Uint32Array.of(4_294_967_295),
    BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
    BigUint64Array.of(2n ** 64n - 1n),
    Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY, 0.1),
    Float64Array.of(0.1, -0),
    new Float32Array(),
  ])('carries a typed array as what it is: %o', (numbers) => {
    const { data } = overTheWire({ data: numbers }) as { data: unknown };
    expect(data?.constructor).toBe(numbers.constructor);
    expect(data).toEqual(numbers);
  });

  test('writes a typed array as base64, also when it is a part of a larger one', () => {
    const part = Float32Array.of(1, 2, 3).subarray(1, 2);
    expect(transformer.serialize({ data: part }).json).toEqual({ data: 'float32:AAAAQA==' });
  });

  test('refuses a typed array that does not exist, or ends within an element', () => {
    const meta = { values: [['custom', 'numbers']] } as never;
    expect(() => transformer.deserialize({ json: 'float12:AAAAQA==', meta })).toThrow('Unknown typed array');
    expect(() => transformer.deserialize({ json: 'float32:AAAA', meta })).toThrow(RangeError);
  });

  test('leaves everything else as SuperJSON does', () => {
    const value = { at: new Date(0), missing: undefined, text: 'AB8+', list: [1, null] };
    expect(overTheWire(value)).toEqual(value);
  });
});

describe('base64 where there is no Buffer', () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each([0, 1, 2, 3, 0x8000, 0x8001, 200_000])('carries %i bytes', (length) => {
    const bytes = someBytes(length);
    const expected = bytesToBase64(bytes);
    vi.stubGlobal('Buffer', undefined);
    const text = bytesToBase64(bytes);
    const back = bytesFromBase64(text);
    vi.unstubAllGlobals();
    expect(text).toBe(expected);
    expect(Buffer.compare(back, bytes)).toBe(0);
  });
});

const read = (result: unknown): unknown => transformer.deserialize(JSON.parse(JSON.stringify(result)));

test('plain JSON is read on the other side as anything else is', () => {
  const value = { text: 'a', list: [1, null, { deep: [0.1] }] };
  expect(read(serverTransformer.serialize(new PlainJson(value)))).toEqual(value);
  expect(serverTransformer.serialize(new PlainJson(value))).toEqual(transformer.serialize(value));
});

test('plain JSON is passed on without being looked through', () => {
  const value = [1, 2];
  expect(serverTransformer.serialize(new PlainJson(value)).json).toBe(value);
});

test('plain JSON is also passed on as it is in a streamed batch', async () => {
  const value = { numbers: [1, 2] };
  const served = router({ run: procedure.mutation(() => new PlainJson(value)) });
  const body = JSON.stringify({ 0: { json: {} }, 1: { json: {} } });
  const headers = { 'content-type': 'application/json', 'trpc-accept': 'application/jsonl' };
  const response = await fetchRequestHandler({
    router: served,
    endpoint: '/trpc',
    req: new Request('http://portico/trpc/run,run?batch=1', { method: 'POST', headers, body }),
    createContext: () => ({ requestId: 'request-1' }) as Context,
  });
  const chunks = (await response.text())
    .trim()
    .split('\n')
    .map((line) => read(JSON.parse(line)));
  const outputs = chunks.flatMap((chunk) => (JSON.stringify(chunk).includes('numbers') ? [chunk] : []));
  expect(outputs).toEqual([
    [expect.any(Number), 0, [[value]]],
    [expect.any(Number), 0, [[value]]],
  ]);
});

test('anything else is written as SuperJSON writes it', () => {
  const value = { at: new Date(0), data: new Uint8Array([1, 2]) };
  expect(serverTransformer.serialize(value)).toEqual(transformer.serialize(value));
});
