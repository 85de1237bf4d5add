import { expect, test } from 'vitest';
import { formOf } from './form.ts';

const fieldsOf = (params: object): unknown[] => [...formOf(new Uint8Array(1), params)].slice(0, -1);

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
  [{ box: { x: 1 } }, [['box', '{"x":1}']]],
  [{ missing: undefined }, []],
])('%j becomes fields', (params, fields) => {
  expect(fieldsOf(params)).toEqual(fields);
});

test('the file comes last', () => {
  expect([...formOf(new Uint8Array(1), { a: 1, b: 2 }).keys()]).toEqual(['a', 'b', 'file']);
});
