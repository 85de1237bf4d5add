import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tensor } from '../model/tensor.ts';
import { loadEngine, type Machine } from './load-engine.ts';
import { openSession } from './sessions.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-load-engine-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Loads a module of this text as the implementation of the task `double`. */
function load(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  const options = {
    device: { name: 'cpu', index: 0 },
    checksDevice: true,
    threads: 1,
    maxImagePixels: 1,
    maxRecordingSeconds: 1,
    cacheDirectory: folder,
  } as const;
  const module = pathToFileURL(path).href;
  return loadEngine(
    { type: 'load', module, task: 'double', variant: 'only', weights: {}, options },
    { onProgress: () => {} },
  );
}

it.each([
  ['nothing.mjs', ''],
  ['a-function.mjs', 'export default () => {};'],
  ['half-a-model.mjs', 'export default { task: { name: "double" }, load() {} };'],
])('a module without a model says what it should export: %s', async (name, text) => {
  await expect(load(name, text)).rejects.toThrow(
    new RegExp(`${name} has no model: it needs "export default defineModel\\(task, \\{ load, run, warmUp \\}\\)"`),
  );
});

it('a model of another task than it is registered for is refused with both names', async () => {
  const text = 'export default { task: { name: "triple" }, load() {}, run() {}, warmUp() {} };';
  await expect(load('other.mjs', text)).rejects.toThrow(
    /other\.mjs implements the task "triple", but is registered for "double"\./,
  );
});

it('a sample that fails keeps the model from being ready, in the words of the failure', async () => {
  const text = `export default {
    task: { name: 'double', accepts: { kind: 'json' } },
    load: async () => undefined,
    run: async (inputs) => inputs.map(() => new Error('no memory for this')),
    warmUp: () => ({ input: 1, params: {} }),
  };`;
  await expect(load('fails.mjs', text)).rejects.toThrow(/^The warm-up failed at fails\.mjs:4:\d+: no memory for this$/);
});

describe('a device other than the CPU', () => {
  /** `y = x + x` for four floats. */
  const doubling = 'CAg6OQoOCgF4CgF4EgF5IgNBZGQSBWdyYXBoWg8KAXgSCgoICAESBAoCCARiDwoBeRIKCggIARIECgIIBEICEBE=';
  const floats = '{ type: "float32", shape: [4] }';
  const text = `export default {
    task: { name: 'double', accepts: { kind: 'json' }, output: { safeParse: (data) => ({ success: true, data }) } },
    load: ({ createSession, weights, Tensor, device }) =>
      createSession(weights.net, { inputs: { x: ${floats} }, outputs: { y: ${floats} } }).then(({ run }) => ({ run, Tensor, device })),
    run: (inputs, { loaded: { run, Tensor, device } }) =>
      Promise.all(inputs.map(async ({ input }) => {
        const { y } = await run({ x: new Tensor('float32', Float32Array.from(input), [4]) });
        return { device, y: [...y.data] };
      })),
    warmUp: () => ({ input: [1, 2, 3, 4], params: {} }),
  };`;

  /** A machine with a GPU that is really the CPU, whose results are these multiples of the right ones. */
  function machineWithGpu(factor: number) {
    const opened: string[] = [];
    const released: string[] = [];
    const machine: Machine = {
      supported: () => ['cuda', 'cpu'],
      probe: async () => {},
      openSession: async (path, place) => {
        const session = await openSession(path, { ...place, device: 'cpu' });
        opened.push(place.device);
        const run = session.run.bind(session);
        const release = session.release.bind(session);
        return Object.assign(session, {
          run: async (feeds: Parameters<typeof run>[0]) => {
            const outputs = await run(feeds);
            if (place.device === 'cpu') return outputs;
            const values = Array.from(outputs['y']?.data as Float32Array, (value) => value * factor);
            return { y: new Tensor('float32', Float32Array.from(values), [4]) };
          },
          release: () => {
            released.push(place.device);
            return release();
          },
        });
      },
    };
    return { machine, opened, released };
  }

  /** Loads the model, by default with a cache of its own. */
  async function loadOnGpu(
    machine: Machine,
    {
      device = 'auto',
      checksDevice = true,
      cacheDirectory = mkdtempSync(join(folder, 'cache-')),
    }: {
      device?: 'auto' | 'cuda';
      checksDevice?: boolean;
      cacheDirectory?: string;
    } = {},
  ) {
    const path = join(folder, 'doubling.mjs');
    writeFileSync(path, text);
    writeFileSync(join(folder, 'doubling.onnx'), Buffer.from(doubling, 'base64'));
    const details: string[] = [];
    const { description } = await loadEngine(
      {
        type: 'load',
        module: pathToFileURL(path).href,
        task: 'double',
        variant: 'only',
        weights: { net: { kind: 'local', path: join(folder, 'doubling.onnx') } },
        options: {
          device: { name: device, index: 0 },
          checksDevice,
          threads: 1,
          maxImagePixels: 1,
          maxRecordingSeconds: 1,
          cacheDirectory,
        },
      },
      { onProgress: ({ detail }) => void details.push(detail) },
      machine,
    );
    return { description, details };
  }

  it('is compared with the CPU while it warms up, and used when the outputs agree', async () => {
    const { machine, opened, released } = machineWithGpu(1.001);
    const { description, details } = await loadOnGpu(machine);
    expect(description).toMatchObject({
      device: 'cuda',
      devicesRefused: [],
      deviceCheck: { result: 'agrees', detail: '1 run of the warm-up agree with the CPU' },
    });
    expect(description.deviceCheck?.difference).toBeCloseTo(0.001, 5);
    expect(details).toContain('comparing cuda with the CPU');
    expect([opened, released]).toEqual([['cuda', 'cpu'], ['cpu']]);
  });

  it('is not used when they differ: auto takes the next, and says why', async () => {
    const { machine, opened, released } = machineWithGpu(0);
    const { description } = await loadOnGpu(machine);
    expect(description).toMatchObject({
      device: 'cpu',
      deviceCheck: undefined,
      devicesRefused: [
        {
          device: 'cuda',
          reason:
            'its outputs differ from those of the CPU (doubling.onnx: output "y" differs from the CPU\'s by 100 %). DEVICE_CHECK=off uses it anyway',
        },
        { device: 'coreml' },
        { device: 'dml' },
      ],
    });
    expect([opened, released]).toEqual([
      ['cuda', 'cpu', 'cpu'],
      ['cpu', 'cuda'],
    ]);
  });

  it('that is chosen by name and differs is an error', async () => {
    await expect(loadOnGpu(machineWithGpu(0).machine, { device: 'cuda' })).rejects.toThrow(
      /DEVICE=cuda cannot be used\. cuda: its outputs differ from those of the CPU \(doubling\.onnx/,
    );
  });

  it('is compared once, and the result is remembered, whatever it is', async () => {
    for (const factor of [1, 0]) {
      const cacheDirectory = mkdtempSync(join(folder, 'cache-'));
      const first = await loadOnGpu(machineWithGpu(factor).machine, { cacheDirectory });
      const { machine, opened } = machineWithGpu(factor);
      const second = await loadOnGpu(machine, { cacheDirectory });
      expect(second.description.device).toBe(first.description.device);
      expect(second.description.deviceCheck).toEqual(first.description.deviceCheck);
      expect(second.description.devicesRefused).toEqual(first.description.devicesRefused);
      expect(opened).toEqual([first.description.device]);
    }
  });

  it('is used without a comparison if the operator says so', async () => {
    const { description } = await loadOnGpu(machineWithGpu(0).machine, { device: 'cuda', checksDevice: false });
    expect([description.device, description.deviceCheck]).toEqual(['cuda', undefined]);
  });
});
