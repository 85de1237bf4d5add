import { expect, test } from 'vitest';
import type { Contract, ErrorContract } from './contract.ts';
import { contractSnapshot } from './contract-snapshot.ts';
import { pendingChangesets, releasedContract, sdkVersion } from './release.ts';
import { checkRelease } from './release-check.ts';

const released = releasedContract();
const current = contractSnapshot(sdkVersion());

test('the contract of this tree is written down as JSON', () => {
  expect(Object.keys(current.tasks)).toContain('ocr');
  expect(current.tasks['ocr']?.params.properties).toHaveProperty('minConfidence');
  expect(current.procedures).toHaveProperty(['vad.stream'], 'mutation');
  expect(JSON.parse(JSON.stringify(current))).toEqual(current);
});

test(`the changesets of @portico/sdk declare the step that the contract needs since ${released.version}`, () => {
  const { isEnough, report } = checkRelease(released, current, pendingChangesets());
  process.stdout.write(`${report}\n`);
  expect(isEnough, `${report}\nDeclare more: npm run changeset`).toBe(true);
});

const row: ErrorContract = { status: 400, title: 'Wrong', retryable: false };
const contract = (version: string, errors: Contract['errors']): Contract => ({
  version,
  tasks: {},
  errors,
  inputs: {},
  answers: {},
  procedures: {},
});
const changeset = (step: string): string => `---\n'@portico/sdk': ${step}\n---\n\nWords.\n`;

test.each([
  ['1.0.0', '1.0.0', [], false],
  ['1.0.0', '1.0.0', ['patch', 'minor'], false],
  ['1.0.0', '1.0.0', ['major', 'patch'], true],
  ['1.0.0', '1.9.0', [], false],
  ['1.0.0', '2.0.0', [], true],
  ['0.9.0', '0.9.0', ['patch'], false],
  ['0.9.0', '0.9.0', ['minor'], true],
])('from %s, at %s with changesets of %j, an error that is gone is declared: %s', (from, version, steps, isEnough) => {
  const check = checkRelease(contract(from, { A: row }), contract(version, {}), steps.map(changeset));
  expect(check.isEnough).toBe(isEnough);
  expect(check.report).toContain('  major: error A: is gone');
  expect(check.report.includes('before 1.0 is a minor step')).toBe(from === '0.9.0');
});

test('a contract as it was released needs nothing', () => {
  const { needed, isEnough } = checkRelease(contract('1.0.0', { A: row }), contract('1.0.0', { A: row }), []);
  expect([needed, isEnough]).toEqual(['none', true]);
});
