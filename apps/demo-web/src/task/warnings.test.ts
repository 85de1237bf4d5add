import { expect, test } from 'vitest';
import type { TaskModel } from '../connection/connection.tsx';
import type { Input } from '../views/view.ts';
import type { Call } from './use-call.ts';
import { warningsOf } from './warnings.ts';

const task = { name: 'ocr', accepts: ['image/png', 'image/jpeg'] } as unknown as TaskModel;
const file = (type: string): Input => ({ kind: 'file', blob: new Blob([], { type }), name: 'notes.txt', url: '' });
const call = (changes: Partial<Call>): Call => ({ phase: 'done', retries: 0, output: {}, ...changes }) as Call;

test('a file of another kind is warned of before the server rejects it', () => {
  expect(warningsOf(task, file('text/plain'), undefined)).toEqual([
    'notes.txt is text/plain. ocr takes image/png, image/jpeg.',
  ]);
});

test('a file of the right kind, or of none, is left to the server', () => {
  expect(warningsOf(task, file('image/bmp'), undefined)).toEqual([]);
  expect(warningsOf(task, file(''), undefined)).toEqual([]);
  expect(warningsOf(task, { kind: 'json', value: {} }, undefined)).toEqual([]);
});

test('warnings of the task are shown with their codes, each once', () => {
  const warnings = [{ code: 'firstPage', message: 'Only the first page was read.' }];
  expect(warningsOf(task, undefined, call({ output: { warnings: [...warnings, ...warnings] } }))).toEqual([
    'Only the first page was read. (firstPage)',
  ]);
  expect(warningsOf(task, undefined, call({ output: { warnings: [] } }))).toEqual([]);
});

test('texts that a service puts among its warnings are shown', () => {
  expect(warningsOf(task, undefined, call({ output: { warnings: ['Low contrast.', 3, null] } }))).toEqual([
    'Low contrast.',
  ]);
});

test('a call that succeeded after a retry says so', () => {
  expect(warningsOf(task, undefined, call({ retries: 2 }))).toEqual([
    'It took 2 retries: the server was busy or did not respond.',
  ]);
});
