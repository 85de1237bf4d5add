import { expect, test } from 'vitest';
import { type Contract, currentContract } from './contract.ts';
import { checkRelease, pendingChangesets, releasedContract, sdkVersion, stepBetween, stepsIn } from './release.ts';

const released = releasedContract();
const current = currentContract(sdkVersion());

test('the contract of this tree can be recorded as JSON', () => {
  expect(Object.keys(current.tasks)).toContain('ocr');
  expect(current.tasks['ocr']?.params['properties']).toHaveProperty('minConfidence');
  expect(current.procedures).toHaveProperty(['vad.stream'], 'mutation');
  expect(JSON.parse(JSON.stringify(current))).toEqual(current);
});

test(`the changesets of @portico/sdk declare the step that the contract needs since ${released.version}`, () => {
  const { isEnough, report } = checkRelease(released, current, pendingChangesets());
  process.stdout.write(`${report}\n`);
  expect(isEnough, `${report}\nDeclare more: npm run changeset`).toBe(true);
});

const row = { status: 400, title: 'Wrong', retryable: false };
const contract = (version: string, errors: Contract['errors']): Contract => ({
  version,
  tasks: {},
  errors,
  inputs: {},
  outputs: {},
  procedures: {},
});
const declaring = (step: string): string => `---\n'@portico/sdk': ${step}\n---\n\nText.\n`;

test.each([
  ['1.0.0', '1.0.0', [], false],
  ['1.0.0', '1.0.0', ['patch', 'minor'], false],
  ['1.0.0', '1.0.0', ['major', 'patch'], true],
  ['1.0.0', '1.9.0', [], false],
  ['1.0.0', '2.0.0', [], true],
  ['0.9.0', '0.9.0', ['patch'], false],
  ['0.9.0', '0.9.0', ['minor'], true],
])('from %s, at %s with changesets of %j, a removed error is declared: %s', (from, version, steps, isEnough) => {
  const check = checkRelease(contract(from, { A: row }), contract(version, {}), steps.map(declaring));
  expect(check.isEnough).toBe(isEnough);
  expect(check.report).toContain('  major: errors.A removed');
  expect(check.report.includes('before 1.0 is a minor step')).toBe(from === '0.9.0');
});

test.each([
  ['none', { A: row }, { A: row }],
  ['patch', { A: row }, { A: { ...row, title: 'Bad' } }],
  ['minor', { A: row }, { A: row, B: row }],
  ['major', { A: row }, { A: { ...row, title: 'Bad', status: 422 }, B: row }],
] as const)('a contract needs the longest step of its changes: %s', (step, before, after) => {
  const { needed, declared } = checkRelease(contract('1.0.0', before), contract('1.0.0', after), []);
  expect([needed, declared]).toEqual([step, 'none']);
});

const changeset = (...lines: string[]): string =>
  ['---', ...lines, '---', '', "'@portico/sdk': major is not a line of it.", ''].join('\n');

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
  '%j is rejected',
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
])('from %s to %s the step is %s', (before, after, step) => {
  expect(stepBetween(before, after)).toBe(step);
});

test('what is not a version is rejected', () => {
  expect(() => stepBetween('0.1.0', 'next')).toThrow('next is not a version.');
});
