import { expect, test } from 'vitest';
import { formOf } from './form.ts';

const file = { blob: new Blob(['a']), name: 'a.txt' };
const fieldsOf = (params: object): unknown[] => [...formOf(file, params)].slice(0, -1);

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
  expect([...formOf(file, { a: 1, b: 2 }).keys()]).toEqual(['a', 'b', 'file']);
});
