import { expect, test } from 'vitest';
import { z } from 'zod';
import { longestStep, type Step } from './change.ts';
import type { JsonSchema } from './contract.ts';
import type { Direction } from './difference.ts';
import { schemaChanges } from './schema-changes.ts';

const tagged = z.object({ kind: z.literal('a'), value: z.number() });
const other = z.object({ kind: z.literal('b'), value: z.string() });

/** Schemas near each other: each is compared with each. */
const schemas: readonly z.ZodType[] = [
  z.unknown(),
  z.null(),
  z.boolean(),
  z.literal(true),
  z.string(),
  z.string().nullable(),
  z.string().min(1),
  z.string().max(2),
  z.string().regex(/^a/),
  z.enum(['a']),
  z.enum(['a', 'bb']),
  z.enum(['a', 'bb']).nullable(),
  z.literal(1),
  z.literal(['a', 1]),
  z.number(),
  z.number().nullable(),
  z.number().min(0),
  z.number().gt(0),
  z.number().max(1),
  z.number().lt(1),
  z.number().min(0).max(1),
  z.number().multipleOf(2),
  z.int(),
  z.int().positive(),
  z.int().min(1).max(2),
  z.union([z.string(), z.number()]),
  z.union([z.string().max(1), z.int()]),
  z.array(z.number()),
  z.array(z.number()).min(1),
  z.array(z.number()).max(1),
  z.array(z.int().nullable()),
  z.array(z.unknown()),
  z.tuple([]),
  z.tuple([z.number()]),
  z.tuple([z.number(), z.string()]),
  z.tuple([z.number()], z.string()),
  z.object({}),
  z.strictObject({}),
  z.looseObject({}),
  z.object({ value: z.number() }),
  z.object({ value: z.number().optional() }),
  z.strictObject({ value: z.number().optional() }),
  z.strictObject({ value: z.number().optional(), more: z.string().optional() }),
  z.object({ value: z.number(), more: z.string() }),
  z.record(z.string(), z.number()),
  z.record(z.string(), z.unknown()),
  tagged,
  z.discriminatedUnion('kind', [tagged, other]),
  z.discriminatedUnion('kind', [other, tagged.extend({ value: z.number().nullable() })]),
];

const scalars = [null, true, false, '', 'a', 'bb', 'abc', 'b', -1, 0, 0.5, 1, 1.5, 2, 3];
const lists = [[], [0.5], [1], [1, 2], [null], ['a'], [1, 'a'], [1, 'a', 'b'], [1, 'a', 2]];
const named = [{}, { value: 1 }, { value: null }, { value: 'a' }, { value: 1, more: 'a' }, { value: 1, more: 2 }];
const others = [{ more: 'a' }, { more: 1 }, { other: 1 }, { kind: 'a', value: 1 }, { kind: 'b', value: 'a' }];
const values: readonly unknown[] = [...scalars, ...lists, ...named, ...others, { kind: 'a', value: null }];

const step = (direction: Direction, released: z.ZodType, current: z.ZodType): Step | 'none' => {
  const [before, after] = [released, current].map((schema) => z.toJSONSchema(schema, { io: direction }) as JsonSchema);
  return longestStep(schemaChanges('it', direction, before ?? {}, after ?? {}).map((change) => change.step));
};

const takes = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;
const shown = (schema: z.ZodType): string => JSON.stringify(z.toJSONSchema(schema));
const pairs = schemas.flatMap((released) => schemas.map((current) => [released, current] as const));

test('what callers could send and cannot any more is a major step, whatever became of the schema', () => {
  const refused = pairs.filter(([released, current]) =>
    // Nobody is promised that names which are passed over today get no meaning.
    values.some((it) => takes(strict(released), it) && !takes(current, it)),
  );
  const missed = refused.filter(([released, current]) => step('input', released, current) !== 'major');
  expect(missed.map((pair) => pair.map(shown))).toEqual([]);
  expect(refused.length).toBeGreaterThan(1_000);
});

test('what readers did not have to expect and now may get is a major step, whatever became of the schema', () => {
  const unexpected = pairs.filter(([released, current]) =>
    // Readers pass over fields they do not know.
    values.some((it) => takes(current, it) && !takes(loose(released), it)),
  );
  const missed = unexpected.filter(([released, current]) => step('output', released, current) !== 'major');
  expect(missed.map((pair) => pair.map(shown))).toEqual([]);
  expect(unexpected.length).toBeGreaterThan(1_000);
});

test('a schema does not differ from itself', () => {
  for (const schema of schemas)
    expect([step('input', schema, schema), step('output', schema, schema)]).toEqual(['none', 'none']);
});

const strict = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
const loose = (schema: z.ZodType): z.ZodType => (schema instanceof z.ZodObject ? schema.loose() : schema);
