import { expect, test } from 'vitest';
import { z } from 'zod';
import { list } from './list.ts';

const schema = z.strictObject({ texts: list(z.string(), { min: 1, max: 3 }).describe('Some texts.') });

test('a list that is too long has one issue, whatever its elements are', () => {
  const { error } = schema.safeParse({ texts: Array.from({ length: 1_000_000 }, () => ({})) });
  expect(error?.issues).toEqual([
    expect.objectContaining({ path: ['texts'], message: 'Too big: expected array to have <=3 items' }),
  ]);
});

test('otherwise it is a list like any other', () => {
  const same = z.strictObject({ texts: z.array(z.string()).min(1).max(3).describe('Some texts.') });
  for (const value of [{ texts: ['a', 'b', 'c'] }, { texts: [] }, { texts: ['a', 1] }, { texts: 'a' }, {}, null]) {
    const [own, zods] = [schema.safeParse(value), same.safeParse(value)];
    expect(own.data).toEqual(zods.data);
    expect(own.error?.issues).toEqual(zods.error?.issues);
  }
  expect(z.toJSONSchema(schema, { io: 'input' })).toEqual(z.toJSONSchema(same, { io: 'input' }));
  expect(z.toJSONSchema(schema)).toEqual(z.toJSONSchema(same));
});
