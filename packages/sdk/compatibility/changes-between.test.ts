import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { changesBetween } from './changes-between.ts';
import type { Contract, JsonSchema, TaskContract } from './contract.ts';

const io = (schema: z.ZodType, direction: 'input' | 'output') =>
  z.toJSONSchema(schema, { io: direction }) as JsonSchema;

interface Parts {
  readonly params?: z.ZodObject;
  readonly output?: z.ZodType;
  readonly accepts?: TaskContract['accepts'];
  readonly item?: z.ZodType;
  readonly produces?: TaskContract['produces'];
  readonly summary?: string;
}

const task = ({ params = z.object({}), output = z.object({}), item, ...parts }: Parts): TaskContract => ({
  summary: 'Count.',
  accepts: { kind: 'image', mediaTypes: ['image/png'] },
  params: io(params.strict(), 'input'),
  output: io(output, 'output'),
  item: item === undefined ? null : io(item, 'output'),
  produces: null,
  ...parts,
});

const contract = (parts: Partial<Contract>): Contract => ({
  version: '1.0.0',
  tasks: {},
  errors: {},
  inputs: {},
  answers: {},
  procedures: {},
  ...parts,
});

const between = (released: Partial<Contract>, current: Partial<Contract>): string[] =>
  changesBetween(contract(released), contract(current)).map(({ step, where, what }) => `${step}: ${where} ${what}`);

const ofTask = (released: Parts, current: Parts): string[] =>
  between({ tasks: { count: task(released) } }, { tasks: { count: task(current) } });

const ofParameter = (released: z.ZodType, current: z.ZodType): string[] =>
  ofTask({ params: z.object({ p: released }) }, { params: z.object({ p: current }) });

const ofField = (released: z.ZodType, current: z.ZodType): string[] =>
  ofTask({ output: z.object({ f: released }) }, { output: z.object({ f: current }) });

const parameter = 'task count params.p';
const field = 'task count output.f';

test('a contract does not differ from itself', () => {
  const parts = { tasks: { count: task({ params: z.object({ p: z.enum(['a', 'b']).default('a') }) }) } };
  expect(between(parts, parts)).toEqual([]);
});

describe('tasks, errors and procedures', () => {
  const row = { status: 400, title: 'Wrong', retryable: false };
  const file = (...mediaTypes: string[]): Parts => ({ accepts: { kind: 'image', mediaTypes } });
  const png = (of: string): Parts => ({ produces: { mediaType: 'image/png', field: of } });

  test.each<[string, Partial<Contract>, Partial<Contract>, string[]]>([
    ['a task that is gone', { tasks: { count: task({}) } }, {}, ['major: task count is gone']],
    ['a new task', {}, { tasks: { count: task({}) } }, ['minor: task count is new']],
    ['an error that is gone', { errors: { A: row } }, {}, ['major: error A is gone']],
    ['a new error', {}, { errors: { A: row } }, ['minor: error A is new']],
    [
      "an error's other status",
      { errors: { A: row } },
      { errors: { A: { ...row, status: 422 } } },
      ['major: error A status 400 became 422'],
    ],
    [
      'an error that may be tried again',
      { errors: { A: row } },
      { errors: { A: { ...row, retryable: true } } },
      ['major: error A retryable false became true'],
    ],
    [
      "an error's other title",
      { errors: { A: row } },
      { errors: { A: { ...row, title: 'Bad' } } },
      ['patch: error A another title'],
    ],
    ['a procedure that is gone', { procedures: { 'a.b': 'query' } }, {}, ['major: procedure a.b is gone']],
    ['a new procedure', {}, { procedures: { 'a.b': 'query' } }, ['minor: procedure a.b is new']],
    [
      'a query that became a mutation',
      { procedures: { 'a.b': 'query' } },
      { procedures: { 'a.b': 'mutation' } },
      ['major: procedure a.b the query became a mutation'],
    ],
    [
      'what is sent besides: an input',
      { inputs: { I: io(z.object({ a: z.string() }), 'input') } },
      { inputs: { I: io(z.object({ a: z.string().max(3) }), 'input') } },
      ['major: input I.a maxLength: nothing became 3'],
    ],
    [
      'what is answered besides: an output',
      { answers: { A: io(z.object({ a: z.string() }), 'output') } },
      { answers: { A: io(z.object({ a: z.string().max(3) }), 'output') } },
      ['minor: answer A.a maxLength: nothing became 3'],
    ],
  ])('%s', (_, released, current, expected) => {
    expect(between(released, current)).toEqual(expected);
  });

  test.each<[string, Parts, Parts, string[]]>([
    [
      'a media type that is not accepted any more',
      file('image/png', 'image/gif'),
      file('image/png'),
      ['major: task count input image/gif is not accepted any more'],
    ],
    [
      'one more media type',
      file('image/png'),
      file('image/png', 'image/gif'),
      ['minor: task count input image/gif is accepted too'],
    ],
    [
      'another kind of input',
      file('image/png'),
      { accepts: { kind: 'audio', mediaTypes: ['image/png'] } },
      ['major: task count input the image became audio'],
    ],
    [
      'a JSON input that takes less',
      { accepts: { kind: 'json', schema: io(z.array(z.string()).max(9), 'input') } },
      { accepts: { kind: 'json', schema: io(z.array(z.string()).max(8), 'input') } },
      ['major: task count input maxItems: 9 became 8'],
    ],
    ['items that are gone', { item: z.string() }, {}, ['major: task count item is gone']],
    ['new items', {}, { item: z.string() }, ['minor: task count item is new']],
    [
      'items that may be more',
      { item: z.object({ a: z.string() }) },
      { item: z.object({ a: z.string().nullable() }) },
      ['major: task count item.a null is allowed too'],
    ],
    ['a picture that is gone', png('image'), {}, ['major: task count picture is gone']],
    ['a new picture', {}, png('image'), ['minor: task count picture is new']],
    [
      'a picture elsewhere',
      png('image'),
      png('mask'),
      [
        'major: task count picture {"mediaType":"image/png","field":"image"} became {"mediaType":"image/png","field":"mask"}',
      ],
    ],
    ['another summary', {}, { summary: 'Count things.' }, ['patch: task count another summary']],
  ])('%s', (_, released, current, expected) => {
    expect(ofTask(released, current)).toEqual(expected);
  });
});

describe('parameters', () => {
  test('one that is gone breaks callers', () => {
    expect(ofTask({ params: z.object({ p: z.string().optional() }) }, {})).toEqual([`major: ${parameter} is gone`]);
  });

  test('a new one that may be left out is more', () => {
    expect(ofTask({}, { params: z.object({ p: z.string().default('a') }) })).toEqual([`minor: ${parameter} is new`]);
  });

  test('a new one that may not be left out breaks callers', () => {
    expect(ofTask({}, { params: z.object({ p: z.string() }) })).toEqual([`major: ${parameter} is new and required`]);
  });

  test('that unknown ones are taken is more, that they are refused breaks callers', () => {
    const [strict, loose] = [io(z.strictObject({}), 'input'), io(z.looseObject({}), 'input')];
    expect(between({ inputs: { I: strict } }, { inputs: { I: loose } })).toEqual(['minor: input I.* is taken']);
    expect(between({ inputs: { I: loose } }, { inputs: { I: strict } })).toEqual(['major: input I.* is refused']);
  });

  test.each<[z.ZodType, z.ZodType, string]>([
    [z.number().min(0), z.number().min(1), 'at least 0 became at least 1'],
    [z.number().max(9), z.number().max(8), 'at most 9 became at most 8'],
    [z.number().gt(0), z.number().gt(1), 'more than 0 became more than 1'],
    [z.number().lt(9), z.number().lt(8), 'less than 9 became less than 8'],
    [z.number(), z.number().max(8), 'any most became at most 8'],
    [z.number().min(0), z.number().gt(0), 'at least 0 became more than 0'],
    [z.number().max(9), z.number().lt(9), 'at most 9 became less than 9'],
    [z.number().gt(0), z.number().min(1), 'more than 0 became at least 1'],
    [z.int().min(0), z.int().positive(), 'at least 0 became at least 1'],
    [z.number(), z.number().multipleOf(2), 'multipleOf: nothing became 2'],
    [z.string().max(9), z.string().max(8), 'maxLength: 9 became 8'],
    [z.string(), z.string().regex(/^a$/), 'pattern: nothing became "^a$"'],
    [z.array(z.number()).min(1), z.array(z.number()).min(2), 'minItems: 1 became 2'],
    [z.enum(['a', 'b']), z.enum(['a']), '"b" is not allowed any more'],
    [z.string(), z.enum(['a']), 'string is not allowed any more'],
    [z.string().nullable(), z.string(), 'null is not allowed any more'],
    [z.union([z.string(), z.number()]), z.string(), 'number is not allowed any more'],
    [z.unknown(), z.string(), 'anything is not allowed any more'],
    [z.string().optional(), z.string(), 'is required now'],
  ])('%# narrowed: breaks callers; widened: is more', (wide, narrow, what) => {
    expect(ofParameter(wide, narrow)).toEqual([`major: ${parameter} ${what}`]);
    expect(ofParameter(narrow, wide).map((change) => change.split(':')[0])).toEqual(['minor']);
  });

  test('more than 0 is at least 1 where numbers are whole', () => {
    expect(ofParameter(z.int().positive(), z.int().min(1))).toEqual([]);
    expect(ofParameter(z.int().lt(9), z.int().max(8))).toEqual([]);
  });

  test('whole numbers are fewer than numbers', () => {
    const [whole, any] = [z.int().min(0).max(9), z.number().min(0).max(9)];
    expect(ofParameter(any, whole)).toEqual([`major: ${parameter} must be whole now`]);
    expect(ofParameter(whole, any)).toEqual([`minor: ${parameter} need not be whole now`]);
  });

  test('another type breaks callers', () => {
    expect(ofParameter(z.string().optional(), z.number().optional())).toEqual([
      `major: ${parameter} string is not allowed any more`,
      `minor: ${parameter} number is allowed too`,
    ]);
  });

  test('what cannot be weighed breaks callers', () => {
    const changed = [`major: ${parameter} pattern: "^a$" became "^b$"`];
    expect(ofParameter(z.string().regex(/^a$/), z.string().regex(/^b$/))).toEqual(changed);
    const [a, b] = [
      { type: 'object', dependentRequired: { a: ['b'] } },
      { type: 'object', dependentRequired: {} },
    ];
    expect(between({ inputs: { I: a } }, { inputs: { I: b } })).toEqual([
      'major: input I dependentRequired: {"a":["b"]} became {}',
    ]);
  });

  test('another default is a minor step', () => {
    expect(ofParameter(z.int().default(1), z.int().default(2))).toEqual([`minor: ${parameter} the default 1 became 2`]);
    expect(ofParameter(z.string().optional(), z.string().default('a'))).toEqual([
      `minor: ${parameter} the default nothing became "a"`,
    ]);
  });

  test('another description is a patch', () => {
    expect(ofParameter(z.string().describe('A.'), z.string().describe('B.'))).toEqual([
      `patch: ${parameter} another description`,
    ]);
    expect(ofParameter(z.string().nullable().describe('A.'), z.string().nullable().describe('B.'))).toEqual([
      `patch: ${parameter} another description`,
    ]);
  });
});

describe('outputs', () => {
  test('a field that is gone breaks readers, a new one is more', () => {
    const output = z.object({ f: z.string() });
    expect(ofTask({ output }, {})).toEqual([`major: ${field} is gone`]);
    expect(ofTask({}, { output })).toEqual([`minor: ${field} is new`]);
    expect(ofTask({}, { output: output.partial() })).toEqual([`minor: ${field} is new`]);
    expect(ofTask({}, { output: z.object({ version: z.literal(1) }) })).toEqual([
      'minor: task count output.version is new',
    ]);
  });

  test.each<[z.ZodType, z.ZodType, string]>([
    [z.string(), z.string().optional(), 'is optional now'],
    [z.string(), z.string().nullable(), 'null is allowed too'],
    [z.enum(['a']), z.enum(['a', 'b']), '"b" is allowed too'],
    [z.enum(['a']), z.string(), 'string is allowed too'],
    [z.number().max(1), z.number().max(2), 'at most 1 became at most 2'],
    [z.number().max(1), z.number(), 'at most 1 became any most'],
    [z.string().max(1), z.unknown(), 'anything is allowed too'],
  ])('%# widened: breaks readers; narrowed: is more', (narrow, wide, what) => {
    expect(ofField(narrow, wide)).toContain(`major: ${field} ${what}`);
    expect(ofField(wide, narrow)).toEqual([expect.stringMatching(/^minor: /)]);
  });

  test('that there may be fields without a name breaks nobody', () => {
    expect(ofField(z.strictObject({}), z.looseObject({}))).toEqual([]);
    expect(ofField(z.looseObject({}), z.strictObject({}))).toEqual([]);
  });

  test('the values of a record are compared', () => {
    expect(ofField(z.record(z.string(), z.number()), z.record(z.string(), z.number().nullable()))).toEqual([
      `major: ${field}.* null is allowed too`,
    ]);
  });

  test('what is in arrays and tuples is compared', () => {
    const list = (value: z.ZodType) => z.array(z.object({ a: value }));
    expect(ofField(list(z.string()), list(z.string().nullable()))).toEqual([`major: ${field}[].a null is allowed too`]);
    const pair = (value: z.ZodType) => z.tuple([z.string(), value]);
    expect(ofField(pair(z.string()), pair(z.string().nullable()))).toEqual([`major: ${field}[1] null is allowed too`]);
    expect(ofField(z.tuple([z.string()]), pair(z.string()))).toContain(`major: ${field}[1] is new`);
  });

  test('objects of a union are told apart by their tags', () => {
    const off = z.object({ on: z.literal(false), reason: z.string() });
    const on = z.object({ on: z.literal(true), power: z.number() });
    const union = z.discriminatedUnion('on', [on, off]);
    expect(ofField(z.discriminatedUnion('on', [off, on]), union)).toEqual([]);
    expect(ofField(off, union)).toEqual([`major: ${field} object is allowed too`]);
    expect(ofField(union, off)).toEqual([`minor: ${field} object is not allowed any more`]);
    const other = z.discriminatedUnion('on', [on, off.extend({ reason: z.string().nullable() })]);
    expect(ofField(union, other)).toEqual([`major: ${field}.reason null is allowed too`]);
  });

  test('what a name refers to is compared, and the name too: the SDK has a type of that name', () => {
    const point = (name: string, coordinate: z.ZodType = z.number()) =>
      z.array(z.object({ x: coordinate }).meta({ id: name }));
    expect(ofField(point('A1'), point('A1', z.number().nullable()))).toEqual([
      `major: ${field}[].x null is allowed too`,
    ]);
    expect(ofField(point('B1'), point('B2'))).toEqual([`major: ${field}[] the type "B1" is called "B2"`]);
    expect(ofField(z.array(z.object({ x: z.number() })), point('B3'))).toEqual([
      `minor: ${field}[] the type is called "B3"`,
    ]);
  });

  test('a schema that holds itself is compared as far as it goes', () => {
    const tree = (value: z.ZodType, id: string): z.ZodType => {
      const node: z.ZodType = z.object({ value, children: z.array(z.lazy(() => node)) }).meta({ id });
      return node;
    };
    expect(ofField(tree(z.string(), 'C1'), tree(z.string(), 'C1'))).toEqual([]);
    expect(ofField(tree(z.string(), 'C2'), tree(z.number(), 'C2'))).toContain(
      `major: ${field}.value number is allowed too`,
    );
  });
});
