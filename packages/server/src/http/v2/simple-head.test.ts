import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readHead } from './request-head.ts';
import { readSimpleHead } from './simple-head.ts';

const maybe = <Value>(value: fc.Arbitrary<Value>) =>
  fc.option(fc.oneof({ weight: 9, arbitrary: value }, fc.constant(null), fc.jsonValue()), {
    nil: undefined,
  });
const name = fc.constantFrom('x', 'y', '', '__proto__');
const length = fc.constantFrom(0, 1, 28, -1, 1.5, 2 ** 53, '3');
const input = fc.record({
  name: fc.oneof({ weight: 9, arbitrary: name }, fc.jsonValue()),
  datatype: fc.constantFrom('FP32', 'INT64', 'BYTES', 'FP99', 'toString', 3),
  shape: fc.oneof({ weight: 9, arbitrary: fc.array(length, { maxLength: 3 }) }, fc.jsonValue()),
  parameters: maybe(
    fc.dictionary(fc.constantFrom('binary_data_size', 'shared_memory_region', 'other'), fc.constantFrom(0, 4, -4, 'a')),
  ),
  data: maybe(fc.array(fc.integer(), { maxLength: 4 })),
});
const output = fc.record({
  name: fc.oneof({ weight: 9, arbitrary: name }, fc.jsonValue()),
  parameters: maybe(
    fc.dictionary(fc.constantFrom('binary_data', 'classification', 'shared_memory_offset'), fc.constantFrom(true, 1)),
  ),
});
const head = fc.record({
  id: maybe(fc.string()),
  parameters: maybe(
    fc.dictionary(fc.constantFrom('binary_data_output', 'timeout', 'sequence_id'), fc.constantFrom(true, 0, 5, -1, '')),
  ),
  inputs: fc.oneof({ weight: 9, arbitrary: fc.array(input, { maxLength: 3 }) }, fc.jsonValue()),
  outputs: maybe(fc.array(output, { maxLength: 3 })),
});

/** The head that is read, with the data that was left out of it. */
function simple(text: string): unknown {
  const read = readSimpleHead(Buffer.from(text));
  if (read === undefined) return undefined;
  const { head } = read.parsed;
  const dataOf = (data: unknown): unknown => {
    const part = typeof data === 'string' ? read.parts.get(data) : undefined;
    return part === undefined ? data : JSON.parse(Buffer.from(part).toString());
  };
  return { ...head, inputs: head.inputs.map((input) => ({ ...input, data: dataOf(input.data) })) };
}

it('a simple head is read as the whole schema reads it', () => {
  let count = 0;
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: head }, fc.jsonValue()), (value) => {
      const text = JSON.stringify(value) ?? 'null';
      const read = simple(text);
      if (read === undefined) return;
      count += 1;
      expect(readHead(text).head).toEqual(read);
    }),
    { numRuns: 2_000 },
  );
  expect(count).toBeGreaterThan(50);
});

it('data in another place does not belong to the input', () => {
  const input = { name: 'x', datatype: 'FP32', shape: [1] };
  for (const value of [
    { parameters: { data: [1] }, inputs: [input] },
    { data: [1], inputs: [{ ...input, data: [2] }] },
    { inputs: [{ ...input, data: [[1]] }] },
    { inputs: [{ ...input, data: {} }, input] },
    { inputs: [{ ...input, data: 1, parameters: { other: [1] } }] },
    {
      inputs: [
        { ...input, data: [1] },
        { ...input, name: 'y', data: [2] },
      ],
    },
    { id: '"data":[1]', inputs: [{ ...input, data: [2] }] },
  ]) {
    const text = JSON.stringify(value);
    expect(simple(text)).toEqual(readHead(text).head);
  }
  const twice = '{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1],"data":[2]}]}';
  expect(simple(twice)).toEqual(readHead(twice).head);
});

it('between the name of the data and its array there is nothing', () => {
  const withData = (json: string): string => `{"inputs":[{"name":"x","datatype":"FP32","shape":[2],"data":${json}}]}`;
  for (const json of ['"none","other":[1,2]', 'null,"other":[1,2]', '{"other":[1,2]}', ' \n[1,2]', '["]",2]'])
    expect(simple(withData(json))).toEqual(readHead(withData(json)).head);
  expect(() => simple(withData('no JSON [1,2]'))).toThrow('not valid JSON');
});

it('a head without rare features is simple', () => {
  const text = JSON.stringify({
    id: 'a',
    parameters: { binary_data_output: true, timeout: 1_000 },
    inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 784], parameters: { binary_data_size: 3_136 } }],
    outputs: [{ name: 'y', parameters: { binary_data: false } }, { name: 'z' }],
  });
  expect(simple(text)).toEqual(readHead(text).head);
});
