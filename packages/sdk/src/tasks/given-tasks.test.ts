import { defineTask, image, tasks as bundledContract } from '@portico/schemas';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ReceivedRequest, startStubServer } from '../../test/stub-server.ts';
import { bundledTasks } from '../bundled-tasks.ts';
import { createPortico } from '../create-portico.ts';
import type { TaskKind } from './contracts.ts';
import { filesOf, readTasks } from './given-tasks.ts';

const digits = defineTask({
  name: 'digits',
  summary: 'Read a digit.',
  accepts: image(),
  params: z.object({}),
  output: z.object({ digit: z.int() }),
});
const file = new Uint8Array(1);
const url = 'http://portico.invalid';

test('tasks are given as a contract, as kinds or as names', () => {
  expect(readTasks({ digits })).toEqual([{ name: 'digits', kind: 'image', produces: undefined }]);
  expect(readTasks({ digits: 'image' })).toEqual([{ name: 'digits', kind: 'image', produces: undefined }]);
  expect(readTasks(['digits'])).toEqual([{ name: 'digits', kind: undefined, produces: undefined }]);
  expect(readTasks({ segment: bundledContract.segment })).toMatchObject([{ produces: 'image/png' }]);
  const kinds = Object.entries(bundledContract).map(([name, { accepts }]) => [name, accepts.kind]);
  expect(bundledTasks).toEqual(Object.fromEntries(kinds));
});

test.each([
  [7, "tasks must be a contract, { digits: 'image' } or ['digits']"],
  ['digits', "tasks must be a contract, { digits: 'image' } or ['digits']"],
  [null, "tasks must be a contract, { digits: 'image' } or ['digits']"],
  [{ digits: 'picture' }, 'tasks.digits must be what defineTask returns, or one of image, audio, file, form, json'],
  [{ digits: {} }, 'tasks.digits must be what defineTask returns'],
  [{ digitsTask: digits }, 'tasks.digitsTask is the task "digits": give it under that name'],
  [[digits], 'tasks holds a value of type Object, which is no name of a task'],
  [['then'], 'tasks holds "then", which is no name of a task'],
  [['constructor'], 'tasks holds "constructor", which is no name of a task'],
  [{ models: 'json' }, 'tasks holds "models", which is no name of a task'],
  [['two words'], 'tasks holds "two words", which is no name of a task'],
])('%j is a TypeError in words', (tasks, message) => {
  const create = (): unknown => createPortico({ url, tasks: tasks as never });
  expect(create).toThrow(TypeError);
  expect(create).toThrow(message);
});

test.each<[TaskKind | undefined, unknown, unknown]>([
  ['image', 'photo.png', { file: 'photo.png' }],
  ['audio', file, { file }],
  ['file', { data: 'a.bin' }, { file: { data: 'a.bin' } }],
  ['form', { left: 'a.png', right: file }, { left: 'a.png', right: file }],
  ['json', 'a text', undefined],
  ['json', { data: 'a value that has data' }, undefined],
  [undefined, 'photo.png', { file: 'photo.png' }],
  [undefined, file, { file }],
  [undefined, { data: file, name: 'a.png' }, { file: { data: file, name: 'a.png' } }],
  [undefined, { left: file, right: { data: file } }, { left: file, right: { data: file } }],
  [undefined, { left: 'a.png', right: 'b.png' }, undefined],
  [undefined, {}, undefined],
  [undefined, [1, 2], undefined],
  [undefined, 7, undefined],
])('the files of a task of kind %s for %j', (kind, input, files) => {
  expect(filesOf({ name: 'task', kind, produces: undefined }, input)).toEqual(files);
});

test.each<[TaskKind, unknown, string]>([
  ['image', 7, 'A file is a Blob'],
  ['image', { left: file }, 'A file is a Blob'],
  ['form', file, 'The task task takes several files: pass an object with each of them under its name'],
  ['form', 'a.png', 'The task task takes several files'],
  ['json', file, 'The task task takes JSON, but this is a file'],
])('a task of kind %s refuses %j', (kind, input, message) => {
  expect(() => filesOf({ name: 'task', kind, produces: undefined }, input)).toThrow(message);
});

test('with names only, a mistake in what looks like JSON says where it is', async () => {
  await using server = await startStubServer({ body: {} });
  const portico = createPortico({ url: server.url, tasks: ['compare'] });
  await expect(portico.compare({ left: 'a.png', right: new Blob() })).rejects.toThrow(
    'The value at input.right cannot be sent as JSON: it is a value of type Blob.',
  );
  await portico.compare({ left: new Blob(), right: file });
  await portico.compare({ rows: [1] });
  expect(server.requests.map(contentTypeOf)).toEqual(['multipart/form-data', 'application/json']);
});

const contentTypeOf = ({ headers }: ReceivedRequest): string | undefined => headers['content-type']?.split(';')[0];
