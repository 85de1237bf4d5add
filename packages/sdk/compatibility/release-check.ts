import { longestStep, reaches, type Step } from './change.ts';
import { changesBetween } from './changes-between.ts';
import type { Contract } from './contract.ts';
import { declaredStep, neededStep, stepsIn } from './declared-step.ts';

/** Whether a contract may follow its release with what is declared about it. */
export interface ReleaseCheck {
  readonly needed: Step | 'none';
  readonly declared: Step | 'none';
  readonly isEnough: boolean;
  /** The steps in words, with a line for each difference. */
  readonly report: string;
}

/** Compares a contract with its release, and the step it needs with the one its changesets declare for the SDK. */
export function checkRelease(released: Contract, current: Contract, changesets: readonly string[]): ReleaseCheck {
  const changes = changesBetween(released, current);
  const longest = longestStep(changes.map(({ step }) => step));
  const needed = neededStep(released.version, longest);
  const declared = declaredStep(released.version, current.version, stepsIn(changesets, '@portico/sdk'));
  const lines = [
    `Since ${released.version} the contract needs a step of: ${needed}; declared is: ${declared}.`,
    ...(needed === longest ? [] : ['Callers break, which before 1.0 is a minor step.']),
    ...changes.map(({ step, where, what }) => `  ${step}: ${where}: ${what}`),
  ];
  return { needed, declared, isEnough: reaches(declared, needed), report: lines.join('\n') };
}
