import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { changesBetween, type Step } from './changes.ts';
import type { Contract } from './contract.ts';

/** Found by the package's name, because this file runs as a source and compiled. */
export const sdkFolder = dirname(createRequire(import.meta.url).resolve('@portico/sdk/package.json'));
export const releasedFolder = join(sdkFolder, 'compatibility/released');
const changesetFolder = join(sdkFolder, '../../.changeset');

/** From the shortest to the longest. */
const steps = ['none', 'patch', 'minor', 'major'] as const;
type AnyStep = Step | 'none';

/** The contract of the last release. */
export const releasedContract = (): Contract =>
  JSON.parse(readFileSync(join(releasedFolder, 'contract.json'), 'utf8')) as Contract;

/** The SDK's version in this tree. */
export function sdkVersion(): string {
  const { version } = JSON.parse(readFileSync(join(sdkFolder, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** The changesets of the next release. */
export const pendingChangesets = (): string[] =>
  readdirSync(changesetFolder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => readFileSync(join(changesetFolder, file), 'utf8'));

/** Whether a contract may follow the released one with what is declared about it. */
export interface ReleaseCheck {
  readonly needed: AnyStep;
  readonly declared: AnyStep;
  readonly isEnough: boolean;
  /** The two steps, and a line for each change. */
  readonly report: string;
}

/** Compares the step that a contract needs with the one that its version and its changesets declare for the SDK. */
export function checkRelease(released: Contract, current: Contract, changesets: readonly string[]): ReleaseCheck {
  const changes = changesBetween(released, current);
  const longest = longestOf(changes.map(({ step }) => step));
  // Before 1.0 a breaking change is a minor step: that is where `^0.1.0` ends.
  const isBeforeOne = numbersOf(released.version)[0] === 0;
  const needed = isBeforeOne && longest === 'major' ? 'minor' : longest;
  const declared = longestOf([stepBetween(released.version, current.version), ...stepsIn(changesets, '@portico/sdk')]);
  const lines = [
    `Since ${released.version} the contract needs: ${needed}; declared: ${declared}.`,
    ...(needed === longest ? [] : ['Clients break, which before 1.0 is a minor step.']),
    ...changes.map(({ step, where, what }) => `  ${step}: ${where} ${what}`),
  ];
  return { needed, declared, isEnough: steps.indexOf(declared) >= steps.indexOf(needed), report: lines.join('\n') };
}

const longestOf = (taken: readonly AnyStep[]): AnyStep =>
  steps[Math.max(0, ...taken.map((step) => steps.indexOf(step)))] ?? 'none';

/** The step from one version to a later one; `none` to itself. */
export function stepBetween(released: string, version: string): AnyStep {
  const [before, after] = [numbersOf(released), numbersOf(version)];
  const first = before.findIndex((number, index) => number !== after[index]);
  return (['major', 'minor', 'patch'] as const)[first] ?? 'none';
}

function numbersOf(version: string): number[] {
  const [, ...numbers] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version) ?? [];
  if (numbers.length === 0) throw new Error(`${version} is not a version.`);
  return numbers.map(Number);
}

/** The steps that changesets declare for a package. */
export function stepsIn(changesets: readonly string[], name: string): AnyStep[] {
  return changesets.flatMap((text) => {
    const [, head] = /^---\n(.*?)^---$/ms.exec(text) ?? [];
    if (head === undefined) throw new Error(`This is not a changeset:\n${text}`);
    const lines = head.split('\n').filter((line) => line.trim() !== '');
    return lines.map(declaration).flatMap(({ packageName, step }) => (packageName === name ? [step] : []));
  });
}

function declaration(line: string): { packageName: string | undefined; step: AnyStep } {
  const [, packageName, word] = /^['"]?(@?[\w./-]+)['"]?: *['"]?(\w+)['"]?$/.exec(line) ?? [];
  const step = steps.find((one) => one === word);
  if (step === undefined) throw new Error(`This line of a changeset cannot be read: ${line}`);
  return { packageName, step };
}
