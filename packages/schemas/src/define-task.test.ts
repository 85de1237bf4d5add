import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTask, reservedNames } from './define-task.ts';
import { bytes, file, form, image, png } from './media.ts';

const definition = {
  name: 'count',
  summary: 'Count the things in an image.',
  accepts: image(),
  params: z.object({ limit: z.number().max(9).default(3), label: z.string().optional() }),
  output: z.object({ count: z.number() }),
};

test.each([...reservedNames])('"%s" is reserved', (name) => {
  expect(() => defineTask({ ...definition, name })).toThrow(`Task name "${name}" is reserved.`);
});

test.each([
  'models',
  'status',
  'tensors',
  'batch',
  'stream',
  'then',
  'trpc',
  'v1',
  'v2',
  'ping',
  'invocations',
  'docs',
  'health',
  'ready',
  'gpu',
  'metrics',
])('no task can take the place of "%s"', (name) => {
  expect(reservedNames).toContain(name);
});

test.each(['', 'Ocr', '9ocr', 'read-text', 'a/b', '__proto__', 'a'.repeat(33)])(
  '"%s" is no name: it would not do in a URL',
  (name) => {
    expect(() => defineTask({ ...definition, name })).toThrow('must match');
  },
);

test('every parameter needs a default or must be optional', () => {
  const params = z.object({ limit: z.number() });
  expect(() => defineTask({ ...definition, params })).toThrow(
    'Task "count": every parameter needs a default or must be optional.',
  );
});

test('no parameter can be called "file": a form has that for the file', () => {
  const params = z.object({ file: z.string().optional() });
  expect(() => defineTask({ ...definition, params })).toThrow('Task "count": no parameter can be called "file".');
});

test('parameters that are left out get their defaults', () => {
  expect(defineTask(definition).params.parse({})).toEqual({ limit: 3 });
});

test('unknown parameters are refused, also where the schema alone would drop them', () => {
  const { params } = defineTask(definition);
  expect(definition.params.safeParse({ limt: 3 }).success).toBe(true);
  expect(params.safeParse({ limt: 3 }).error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['limt'] }]);
});

test('a task is frozen', () => {
  const task = defineTask(definition);
  expect(() => Object.assign(task, { name: 'other' })).toThrow(TypeError);
});

test('no parameter can have the name of one of the files', () => {
  const accepts = form({ left: image(), right: file() });
  const params = z.object({ right: z.boolean().default(false) });
  expect(() => defineTask({ ...definition, accepts, params })).toThrow(
    'Task "count": no parameter can be called "right".',
  );
  expect(defineTask({ ...definition, accepts }).accepts.parts.left).toEqual(image());
});

test('the bytes that a task produces are a field of its output', () => {
  const drawing = { ...definition, output: z.object({ image: z.string() }) };
  expect(defineTask({ ...drawing, produces: png('image') }).produces).toEqual({
    mediaType: 'image/png',
    field: 'image',
  });
  const speech = { ...definition, output: z.object({ speech: z.string() }), produces: bytes('speech', 'audio/wav') };
  expect(defineTask(speech).produces).toEqual({ mediaType: 'audio/wav', field: 'speech' });
  expect(() => defineTask({ ...definition, produces: png('image') })).toThrow(
    'Task "count": the output has no field "image" for what it produces.',
  );
});
