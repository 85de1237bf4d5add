import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Contract } from './contract.ts';
import { between, io, ofTask, task, type Parts } from './testing-contracts.ts';

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
