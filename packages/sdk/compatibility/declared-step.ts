import { longestStep, type Step } from './change.ts';

const steps = ['major', 'minor', 'patch', 'none'] as const;

/** The steps that pending changesets declare for a package. */
export function stepsIn(changesets: readonly string[], name: string): (Step | 'none')[] {
  return changesets.flatMap((text) => {
    const [, head] = /^---\n(.*?)^---$/ms.exec(text) ?? [];
    if (head === undefined) throw new Error(`This is no changeset:\n${text}`);
    const lines = head.split('\n').filter((line) => line.trim() !== '');
    return lines.map(declaration).flatMap(({ packageName, step }) => (packageName === name ? [step] : []));
  });
}

function declaration(line: string): { packageName: string | undefined; step: Step | 'none' } {
  const [, packageName, word] = /^['"]?(@?[\w./-]+)['"]?: *['"]?(\w+)['"]?$/.exec(line) ?? [];
  const step = steps.find((one) => one === word);
  if (step === undefined) throw new Error(`This line of a changeset cannot be read: ${line}`);
  return { packageName, step };
}

/** The step from one version to a later one; `none` to itself. */
export function stepBetween(released: string, version: string): Step | 'none' {
  const [[major, minor, patch], [majorNow, minorNow, patchNow]] = [numbersOf(released), numbersOf(version)];
  if (major !== majorNow) return 'major';
  if (minor !== minorNow) return 'minor';
  return patch === patchNow ? 'none' : 'patch';
}

/** The step that is declared since a release: by the version that has been set since, or by changesets to come. */
export const declaredStep = (released: string, version: string, pending: readonly (Step | 'none')[]): Step | 'none' =>
  longestStep([stepBetween(released, version), ...pending]);

/** Before 1.0 nothing is promised for good: what breaks callers is a minor step, as `^0.1.0` takes it. */
export const neededStep = (released: string, step: Step | 'none'): Step | 'none' =>
  numbersOf(released)[0] === 0 && step === 'major' ? 'minor' : step;

function numbersOf(version: string): [number, number, number] {
  const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? [];
  if (patch === undefined) throw new Error(`${version} is no version.`);
  return [Number(major), Number(minor), Number(patch)];
}
