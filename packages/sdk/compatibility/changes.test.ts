import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { changesBetween, type Step } from './changes.ts';
import type { Contract } from './contract.ts';

const empty: Contract = { version: '1.0.0', tasks: {}, errors: {}, inputs: {}, outputs: {}, procedures: {} };
const row = { status: 400, title: 'Wrong', retryable: false };
type Task = Contract['tasks'][string];
const count: Task = {
  summary: 'Count.',
  accepts: { kind: 'image', mediaTypes: ['image/png', 'image/gif'] },
  params: z.toJSONSchema(z.strictObject({ limit: z.int().max(9).default(3) }), { io: 'input' }),
  output: z.toJSONSchema(z.object({ count: z.int(), unit: z.enum(['things', 'persons']) })),
  item: null,
  produces: null,
};

/** The changes between two contracts that are these parts and nothing else, a line each. */
const between = (released: Partial<Contract>, current: Partial<Contract>): string[] =>
  changesBetween({ ...empty, ...released }, { ...empty, ...current }).map(
    ({ step, where, what }) => `${step}: ${where} ${what}`,
  );

/** The changes of a task with these parts. */
const ofTask = (released: Partial<Task>, current: Partial<Task>): string[] =>
  between({ tasks: { count: { ...count, ...released } } }, { tasks: { count: { ...count, ...current } } });

const params = (shape: z.ZodRawShape): Partial<Task> => ({
  params: z.toJSONSchema(z.strictObject(shape), { io: 'input' }),
});
const warnings = (...codes: string[]): Partial<Task> =>
  output({ warnings: z.array(z.object({ code: z.enum(codes) })) });
const output = (shape: z.ZodRawShape): Partial<Task> => ({ output: z.toJSONSchema(z.object(shape)) });

test('a contract does not differ from itself', () => {
  expect(ofTask({}, {})).toEqual([]);
});

describe('what has a name', () => {
  test.each<[string, Partial<Contract>, Partial<Contract>, string[]]>([
    ['a removed task', { tasks: { count } }, {}, ['major: tasks.count removed']],
    ['a new task', {}, { tasks: { count } }, ['minor: tasks.count added']],
    ['a removed error', { errors: { A: row } }, {}, ['major: errors.A removed']],
    ['a new error', {}, { errors: { A: row } }, ['minor: errors.A added']],
    [
      'an error with another status',
      { errors: { A: row } },
      { errors: { A: { ...row, status: 422 } } },
      ['major: errors.A.status changed'],
    ],
    [
      'an error that may be retried',
      { errors: { A: row } },
      { errors: { A: { ...row, retryable: true } } },
      ['major: errors.A.retryable changed'],
    ],
    [
      'an error with another title',
      { errors: { A: row } },
      { errors: { A: { ...row, title: 'Bad' } } },
      ['patch: errors.A.title changed'],
    ],
    ['a removed procedure', { procedures: { 'a.b': 'query' } }, {}, ['major: procedures.a.b removed']],
    ['a new procedure', {}, { procedures: { 'a.b': 'query' } }, ['minor: procedures.a.b added']],
    [
      'a query that became a mutation',
      { procedures: { 'a.b': 'query' } },
      { procedures: { 'a.b': 'mutation' } },
      ['major: procedures.a.b changed'],
    ],
  ])('%s', (_, released, current, expected) => {
    expect(between(released, current)).toEqual(expected);
  });
});

describe('a task', () => {
  const accepts = (...mediaTypes: string[]): Partial<Task> => ({ accepts: { kind: 'image', mediaTypes } });
  const item = z.toJSONSchema(z.object({ a: z.string() }));
  const produces = { mediaType: 'image/png', field: 'image' };

  test.each<[string, Partial<Task>, Partial<Task>, string[]]>([
    [
      'a removed media type',
      accepts('image/png', 'image/gif'),
      accepts('image/png'),
      ['major: tasks.count.accepts.mediaTypes.image/gif removed'],
    ],
    [
      'a new media type',
      accepts('image/png'),
      accepts('image/gif', 'image/png'),
      ['minor: tasks.count.accepts.mediaTypes.image/gif added'],
    ],
    [
      'another kind of input',
      {},
      { accepts: { kind: 'audio', mediaTypes: ['image/png', 'image/gif'] } },
      ['major: tasks.count.accepts.kind changed'],
    ],
    ['removed items', { item }, {}, ['major: tasks.count.item removed']],
    ['new items', {}, { item }, ['minor: tasks.count.item added']],
    ['a removed picture', { produces }, {}, ['major: tasks.count.produces removed']],
    ['a new picture', {}, { produces }, ['minor: tasks.count.produces added']],
    [
      'a picture in another field',
      { produces },
      { produces: { ...produces, field: 'mask' } },
      ['major: tasks.count.produces.field changed'],
    ],
    ['another summary', {}, { summary: 'Count things.' }, ['patch: tasks.count.summary changed']],
    [
      'another description',
      params({ a: z.string().optional().describe('One.') }),
      params({ a: z.string().optional().describe('Two.') }),
      ['patch: tasks.count.params.properties.a.description changed'],
    ],
    [
      'a parameter that is called as a keyword for texts',
      params({ title: z.string().optional() }),
      params({ title: z.number().optional() }),
      ['major: tasks.count.params.properties.title.type changed'],
    ],
    [
      'a new optional parameter',
      params({}),
      params({ a: z.string().optional() }),
      ['minor: tasks.count.params.properties.a added'],
    ],
    [
      'a new parameter that is required',
      params({ b: z.string() }),
      params({ a: z.string(), b: z.string() }),
      ['minor: tasks.count.params.properties.a added', 'major: tasks.count.params.required.a added'],
    ],
    [
      'a removed parameter',
      params({ a: z.string().optional() }),
      params({}),
      ['major: tasks.count.params.properties.a removed'],
    ],
    [
      'another default',
      params({ a: z.number().default(1) }),
      params({ a: z.number().default(2) }),
      ['major: tasks.count.params.properties.a.default changed'],
    ],
    [
      'a limit that is new',
      params({ a: z.string().optional() }),
      params({ a: z.string().max(3).optional() }),
      ['major: tasks.count.params.properties.a.maxLength added'],
    ],
    [
      'a new field of the output',
      output({ a: z.string() }),
      output({ a: z.string(), b: z.string() }),
      ['minor: tasks.count.output.properties.b added', 'minor: tasks.count.output.required.b added'],
    ],
    [
      'a warning that is new and one that is gone',
      warnings('truncated', 'firstPage'),
      warnings('truncated', 'scaledDown'),
      [
        'minor: tasks.count.output.properties.warnings.items.properties.code.enum.scaledDown added',
        'major: tasks.count.output.properties.warnings.items.properties.code.enum.firstPage removed',
      ],
    ],
    [
      'a field of the output that may be missing',
      output({ a: z.string(), b: z.string() }),
      output({ a: z.string().optional(), b: z.string() }),
      ['major: tasks.count.output.required.a removed'],
    ],
  ])('%s', (_, released, current, expected) => {
    expect(ofTask(released, current)).toEqual(expected);
  });
});

describe('nothing that breaks a client passes as less', () => {
  const tagged = z.object({ kind: z.literal('a'), value: z.number() });
  const other = z.object({ kind: z.literal('b'), value: z.string() });

  /** Similar schemas, each of which is compared with each. */
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
    z.number().min(0).max(1),
    z.number().multipleOf(2),
    z.int(),
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
  const pairs = schemas.flatMap((released) => schemas.map((current) => [released, current] as const));

  const scalars = [null, true, false, '', 'a', 'bb', 'abc', 'b', -1, 0, 0.5, 1, 1.5, 2, 3];
  const lists = [[], [0.5], [1], [1, 2], [null], ['a'], [1, 'a'], [1, 'a', 'b'], [1, 'a', 2]];
  const named = [{}, { value: 1 }, { value: null }, { value: 'a' }, { value: 1, more: 'a' }, { value: 1, more: 2 }];
  const others = [{ more: 'a' }, { more: 1 }, { other: 1 }, { kind: 'a', value: 1 }, { kind: 'b', value: 'a' }];
  const values: readonly unknown[] = [...scalars, ...lists, ...named, ...others, { kind: 'a', value: null }];

  const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;
  const shown = (schema: z.ZodType): string => JSON.stringify(z.toJSONSchema(schema));
  const steps = (io: 'input' | 'output', released: z.ZodType, current: z.ZodType): Step[] => {
    const [before, after] = [released, current].map((schema) => ({
      [`${io}s`]: { it: z.toJSONSchema(schema, { io }) },
    }));
    return changesBetween({ ...empty, ...before }, { ...empty, ...after }).map(({ step }) => step);
  };

  test('a value that clients could send and no longer can is a major step', () => {
    const breaking = pairs.filter(([released, current]) =>
      // A name that is ignored today may get a meaning.
      values.some((value) => accepts(strict(released), value) && !accepts(current, value)),
    );
    const missed = breaking.filter(([released, current]) => !steps('input', released, current).includes('major'));
    expect(missed.map((pair) => pair.map(shown))).toEqual([]);
    expect(breaking.length).toBeGreaterThan(1_000);
  });

  test('a value that clients did not have to expect and now may read is a major step', () => {
    const breaking = pairs.filter(([released, current]) =>
      // Clients ignore fields that they do not know.
      values.some((value) => accepts(current, value) && !accepts(loose(released), value)),
    );
    const missed = breaking.filter(([released, current]) => !steps('output', released, current).includes('major'));
    expect(missed.map((pair) => pair.map(shown))).toEqual([]);
    expect(breaking.length).toBeGreaterThan(1_000);
  });

  const strict = (schema: z.ZodType): z.ZodType =>
    schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
  const loose = (schema: z.ZodType): z.ZodType => (schema instanceof z.ZodObject ? schema.loose() : schema);
});
