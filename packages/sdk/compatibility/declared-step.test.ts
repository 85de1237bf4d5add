import { describe, expect, test } from 'vitest';
import { longestStep, reaches } from './change.ts';
import { declaredStep, neededStep, stepBetween, stepsIn } from './declared-step.ts';

const changeset = (...lines: string[]): string =>
  ['---', ...lines, '---', '', "'@portico/sdk': major is no line of it.", ''].join('\n');

test('changesets declare steps for packages, in quotes or not', () => {
  const texts = [
    changeset("'@portico/sdk': minor", "'@portico/schemas': major"),
    changeset('"@portico/sdk": patch'),
    changeset('other: major'),
    changeset(),
  ];
  expect(stepsIn(texts, '@portico/sdk')).toEqual(['minor', 'patch']);
  expect(stepsIn(texts, '@portico/schemas')).toEqual(['major']);
});

test.each(['No head.', changeset("'@portico/sdk': huge"), changeset("'@portico/sdk'"), changeset('a b: major')])(
  '%j is refused',
  (text) => {
    expect(() => stepsIn([text], '@portico/sdk')).toThrow(/changeset/);
  },
);

test.each([
  ['0.1.0', '0.1.0', 'none'],
  ['0.1.0', '0.1.1', 'patch'],
  ['0.1.3', '0.2.0', 'minor'],
  ['0.1.0', '1.0.0', 'major'],
  ['9.9.9', '10.0.0', 'major'],
])('from %s to %s the step is %s', (released, version, step) => {
  expect(stepBetween(released, version)).toBe(step);
});

test('what is no version is refused', () => {
  expect(() => stepBetween('0.1.0', 'next')).toThrow('next is no version.');
});

describe('what is declared', () => {
  test('is the longest of the changesets to come', () => {
    expect(declaredStep('0.1.0', '0.1.0', ['patch', 'minor', 'none'])).toBe('minor');
    expect(declaredStep('0.1.0', '0.1.0', [])).toBe('none');
  });

  test('is the version that has been set since the release', () => {
    expect(declaredStep('0.1.0', '0.2.0', ['patch'])).toBe('minor');
  });

  test('must reach what is needed', () => {
    expect(reaches('minor', 'major')).toBe(false);
    expect(reaches('none', 'patch')).toBe(false);
    expect(reaches('major', 'minor')).toBe(true);
    expect(reaches('minor', 'minor')).toBe(true);
    expect(reaches('none', 'none')).toBe(true);
  });
});

test('the longest of several steps counts', () => {
  expect(longestStep(['patch', 'major', 'minor'])).toBe('major');
  expect(longestStep([])).toBe('none');
});

test('before 1.0 what breaks callers is a minor step', () => {
  expect(neededStep('0.9.0', 'major')).toBe('minor');
  expect(neededStep('1.0.0', 'major')).toBe('major');
  expect(neededStep('0.9.0', 'patch')).toBe('patch');
});
