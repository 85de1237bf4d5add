import { ocr } from '@portico/schemas';
import { expect, it } from 'vitest';
import { parseConfig } from './config.ts';
import { createDispatchers, type DispatcherContext } from './create-dispatchers.ts';
import { systemClock } from './dispatch/engine.ts';
import { LaunchGate } from './dispatch/launch-gate.ts';
import type { ModelRegistry } from './model/register-model.ts';

const silent = { info: () => {}, warn: () => {} } as unknown as DispatcherContext['logger'];

/** The milliseconds that a request to a model may take. */
function timeoutOf(timeoutSeconds: number | undefined, environment: NodeJS.ProcessEnv): number | undefined {
  const settings = { variants: { only: { weights: {} } }, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
  const registry: ModelRegistry = new Map([['ocr', { task: ocr, settings, module: 'file:///ocr.js' }]]);
  const config = parseConfig(environment, registry, { cores: 2, memoryBytes: 8e9 });
  const gate = new LaunchGate(systemClock, 1);
  const observer = {} as DispatcherContext['observer'];
  return createDispatchers(registry, { config, logger: silent, observer, loadTimeoutMs: 1, gate }).models.get('ocr')
    ?.timeoutMs;
}

it.each([
  [undefined, {}, 60_000],
  [300, {}, 300_000],
  [undefined, { INFER_TIMEOUT_SECONDS: '3' }, 3_000],
  [300, { INFER_TIMEOUT_SECONDS: '3' }, 3_000],
  [2, { INFER_TIMEOUT_SECONDS: '3' }, 2_000],
])('a model with a timeout of %s s, under %j, has %i ms', (own, environment, milliseconds) => {
  expect(timeoutOf(own, environment)).toBe(milliseconds);
});
