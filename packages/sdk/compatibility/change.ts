/** How far a version has to go: `major` breaks callers, `minor` gives them more, `patch` is words. */
export type Step = 'major' | 'minor' | 'patch';

/** One difference between two contracts, and the step that it needs. */
export interface Change {
  readonly step: Step;
  readonly where: string;
  readonly what: string;
}

const steps = ['patch', 'minor', 'major'] as const;

/** The longest of these steps; none where there is none. */
export function longestStep(taken: readonly (Step | 'none')[]): Step | 'none' {
  return steps.toReversed().find((step) => taken.includes(step)) ?? 'none';
}

/** Whether one step goes at least as far as another. */
export const reaches = (step: Step | 'none', other: Step | 'none'): boolean =>
  other === 'none' || (step !== 'none' && steps.indexOf(step) >= steps.indexOf(other));
