import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineTask, json } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineModel } from './define-model.ts';
import { modelRegistry, registerModel } from './register-model.ts';

const double = defineTask({
  name: 'double',
  summary: 'Double a number.',
  accepts: json(z.object({ value: z.number() })),
  params: z.object({ times: z.int().default(1) }),
  output: z.object({ double: z.number() }),
});
const variants = { only: { weights: {} } };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-register-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const moduleAt = (file: string) =>
  registerModel({ task: double, variants, implementation: pathToFileURL(join(folder, file)) }).module;

describe('The module that implements a model', () => {
  it('is the compiled one where there is one, and else its source', () => {
    writeFileSync(join(folder, 'both.js'), '');
    writeFileSync(join(folder, 'both.ts'), '');
    writeFileSync(join(folder, 'source.ts'), '');
    expect(moduleAt('both.js')).toMatch(/\/both\.js$/);
    expect(moduleAt('source.js')).toMatch(/\/source\.ts$/);
  });

  it('is what was named where there is neither, so that the engine can say what is missing', () => {
    expect(moduleAt('none.js')).toMatch(/\/none\.js$/);
  });
});

describe('A registry', () => {
  const registered = registerModel({
    task: double,
    variants,
    implementation: new URL('file:///model.js'),
    replicas: 2,
  });

  it('has the models by the names of their tasks, each with its settings', () => {
    const registry = modelRegistry([registered]);
    expect([...registry.keys()]).toEqual(['double']);
    expect(registry.get('double')?.settings).toEqual({ variants, replicas: 2 });
  });

  it('refuses a second model for the same task', () => {
    expect(() => modelRegistry([registered, registered])).toThrow('Two models are registered for the task "double".');
  });
});

it('what a model loads is what its runs get, and inputs and outputs are those of the contract', () => {
  const model = defineModel(double, {
    load: async () => ({ factor: 2 }),
    async run(inputs, { loaded, signal }) {
      expectTypeOf(loaded).toEqualTypeOf<{ factor: number }>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return inputs.map(({ input, params }) => ({ double: input.value * loaded.factor * params.times }));
    },
    warmUp: () => ({ input: { value: 1 }, params: { times: 1 } }),
  });
  expect(model.task).toBe(double);
  defineModel(double, {
    load: async () => undefined,
    // @ts-expect-error an output that is not the contract's
    run: async () => [{ triple: 3 }],
    // @ts-expect-error parameters come with their defaults filled in
    warmUp: () => ({ input: { value: 1 }, params: {} }),
  });
});
