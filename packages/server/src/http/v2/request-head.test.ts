import { expect, it } from 'vitest';
import { readHead } from './request-head.ts';

const exact = (data: string, id = '1'): unknown =>
  readHead(`{"id":"${id}","inputs":[{"name":"x","datatype":"INT64","shape":[],"data":${data}}]}`).exactData(0);

it('keeps every digit of long whole numbers, as text', () => {
  expect(exact('[9007199254740993,-9223372036854775808,7]')).toEqual(['9007199254740993', '-9223372036854775808', 7]);
});

it('leaves digits alone that are no whole number', () => {
  const numbers = '[0.1234567890123456789,12345678901234567.5,1e-12345678901234567,12345678901234567e0]';
  expect(exact(numbers)).toEqual(JSON.parse(numbers));
});

it('leaves digits in texts alone', () => {
  expect(
    exact('["12345678901234567","a\\"12345678901234567,\\\\",12345678901234567]', '\\"1234567890123456789'),
  ).toEqual(['12345678901234567', 'a"12345678901234567,\\', '12345678901234567']);
});

it('takes no longer for many quotes than for few', () => {
  const quotes = '\\"'.repeat(500_000);
  expect(exact(`["${quotes}",12345678901234567]`)).toEqual(['"'.repeat(500_000), '12345678901234567']);
});

it('takes a text of millions of escapes beside them', () => {
  const escapes = '\\n'.repeat(5_000_000);
  expect(exact(`["${escapes}",12345678901234567]`)).toEqual(['\n'.repeat(5_000_000), '12345678901234567']);
});

it('takes null for what is left out', () => {
  const request = {
    id: null,
    parameters: null,
    inputs: [{ name: 'x', datatype: 'INT64', shape: [], parameters: null, data: [1] }],
    outputs: null,
  };
  const { id, parameters, outputs, inputs } = readHead(JSON.stringify(request)).head;
  expect([id, parameters, outputs, inputs[0]?.parameters]).toEqual([undefined, undefined, undefined, undefined]);
});
