import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const compiled = new URL('../dist/young-generation.js', import.meta.url).href;

/** Makes objects that live for a while, in turns of the loop, and prints the bytes of V8's young generation. */
const program = `
  import { getHeapSpaceStatistics } from 'node:v8';
  import { boundYoungGeneration } from '${compiled}';
  import { setFlagsFromString } from 'node:v8';
  if (process.argv.includes('bounded')) {
    setFlagsFromString('--semi-space-growth-factor=1');
    boundYoungGeneration();
  }
  let kept = [];
  for (let turn = 0; turn < 200; turn++) {
    for (let count = 0; count < 10_000; count++) kept.push({ count, list: [count] });
    if (kept.length > 40_000) kept = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);
`;

function youngBytes(flags: readonly string[], ...parameters: readonly string[]): number {
  const nodeArguments = [...flags, '--input-type=module', '-', ...parameters];
  const { stdout, stderr } = spawnSync(process.execPath, nodeArguments, { encoding: 'utf8', input: program });
  expect(stderr).toBe('');
  return Number(stdout) / 1024 ** 2;
}

it("V8's young generation stays small, but larger than at the start", () => {
  expect(youngBytes([])).toBeGreaterThanOrEqual(32);
  const bounded = youngBytes([], 'bounded');
  expect(bounded).toBeGreaterThan(4);
  expect(bounded).toBeLessThanOrEqual(16);
});

it('a size on the command line wins', () => {
  expect(youngBytes(['--max-semi-space-size=16'], 'bounded')).toBeGreaterThanOrEqual(32);
});
