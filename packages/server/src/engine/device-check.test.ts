import { expect, it } from 'vitest';
import { Tensor } from '../model/tensor.ts';
import { checkRuns, type LoadOnCpu, RunRecorder } from './device-check.ts';

const floats = (...values: readonly number[]): Tensor =>
  new Tensor('float32', Float32Array.from(values), [values.length]);
const doubled = async ({ x }: Readonly<Record<string, Tensor>>) => ({
  y: floats(...Array.from(x?.data as Float32Array, (value) => value * 2)),
});

/** Sessions on the CPU that run this, and which are loaded at each moment. */
function cpu(run: typeof doubled) {
  const events: string[] = [];
  const load: LoadOnCpu = async (path) => {
    events.push(`load ${path}`);
    return { run, release: async () => void events.push(`release ${path}`) };
  };
  return { load, events };
}

/** What is recorded of these inputs. */
async function recorded(path: string, run: typeof doubled, ...inputs: readonly Tensor[]) {
  const recorder = new RunRecorder();
  const recording = recorder.recording(path, run);
  for (const x of inputs) await recording({ x });
  return recorder.runs;
}

it('inputs and outputs are recorded as they were, whatever the model does with its arrays', async () => {
  const recorder = new RunRecorder();
  const run = recorder.recording('a', doubled);
  const x = floats(1, 2);
  const { y = x } = await run({ x });
  (x.data as Float32Array).fill(9);
  (y.data as Float32Array).fill(9);
  expect(recorder.runs.map(({ feeds, outputs }) => [feeds['x']?.data, outputs['y']?.data])).toEqual([
    [Float32Array.of(1, 2), Float32Array.of(2, 4)],
  ]);
});

it('some runs of each session are recorded, not more than fit, and none after the warm-up', async () => {
  expect(await recorded('a', doubled, ...Array.from({ length: 9 }, () => floats(1)))).toHaveLength(4);
  const large = new Tensor('float32', new Float32Array(24 * 1024 ** 2), [24 * 1024 ** 2]);
  const same = async ({ x }: Readonly<Record<string, Tensor>>) => ({ y: x ?? large });
  expect(await recorded('a', same, large)).toHaveLength(0);
  const recorder = new RunRecorder();
  const run = recorder.recording('a', doubled);
  recorder.stop();
  await run({ x: floats(1) });
  expect(recorder.runs).toEqual([]);
});

it('one file at a time is loaded on the CPU, and released also after a difference', async () => {
  const runs = [
    ...(await recorded('a', doubled, floats(1), floats(2))),
    ...(await recorded('b', async () => ({ y: floats(0) }), floats(1))),
  ];
  const { load, events } = cpu(doubled);
  expect(await checkRuns(runs, [], load)).toEqual({
    result: 'differs',
    detail: 'b: output "y" differs from the CPU\'s by 100 %',
  });
  expect(events).toEqual(['load a', 'release a', 'load b', 'release b']);
});

it('a model that gives different outputs at each run is not compared', async () => {
  let runs = 0;
  const random = async () => ({ y: floats((runs += 1)) });
  const finding = await checkRuns(await recorded('a', random, floats(1)), [], cpu(random).load);
  expect(finding).toEqual({ result: 'skipped', detail: 'a gives different outputs at each run' });
});

it('what the CPU cannot run is not compared', async () => {
  const runs = await recorded('a', doubled, floats(1));
  const refuses = () => Promise.reject(new Error('no kernel'));
  expect(await checkRuns(runs, [], refuses)).toEqual({
    result: 'skipped',
    detail: 'the CPU cannot load it: Error: no kernel',
  });
  expect(await checkRuns(runs, [], cpu(refuses).load)).toMatchObject({ result: 'skipped' });
  expect(await checkRuns([], [], cpu(doubled).load)).toMatchObject({ result: 'skipped' });
});

it('no run begins on the CPU when the time is over', async () => {
  const runs = await recorded('a', doubled, floats(1), floats(2), floats(3));
  let now = 0;
  const slow = async (feeds: Parameters<typeof doubled>[0]) => {
    now += 20_000;
    return doubled(feeds);
  };
  expect(await checkRuns(runs, [], cpu(slow).load, () => now)).toMatchObject({ result: 'agrees', runs: 2 });
});
