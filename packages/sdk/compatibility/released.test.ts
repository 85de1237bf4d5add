import { expect, test } from 'vitest';
import { longestStep, reaches } from './change.ts';
import { changesBetween } from './changes-between.ts';
import { contractSnapshot } from './contract-snapshot.ts';
import { declaredStep, neededStep, stepsIn } from './declared-step.ts';
import { pendingChangesets, releasedContract, sdkVersion } from './release.ts';

const released = releasedContract();

test('the contract of this tree can be written down', () => {
  const contract = contractSnapshot(sdkVersion());
  expect(Object.keys(contract.tasks)).toContain('ocr');
  expect(contract.tasks['ocr']?.params.properties).toHaveProperty('minConfidence');
  expect(contract.procedures).toHaveProperty(['vad.stream'], 'mutation');
  expect(JSON.parse(JSON.stringify(contract))).toEqual(contract);
});

test(`the changesets of @portico/sdk declare the step that the contract needs since ${released.version}`, () => {
  const changes = changesBetween(released, contractSnapshot(sdkVersion()));
  const longest = longestStep(changes.map(({ step }) => step));
  const needed = neededStep(released.version, longest);
  const declared = declaredStep(released.version, sdkVersion(), stepsIn(pendingChangesets(), '@portico/sdk'));
  const reasons = changes.map(({ step, where, what }) => `  ${step}: ${where}: ${what}`);
  const report = [
    `Since ${released.version} the contract needs a step of: ${needed}; declared is: ${declared}.`,
    ...(needed === longest ? [] : ['Callers break, which before 1.0 is a minor step.']),
    ...reasons,
  ].join('\n');
  process.stdout.write(`${report}\n`);
  expect(reaches(declared, needed), `${report}\nDeclare more with: npm run changeset`).toBe(true);
});
