import { expect, it } from 'vitest';
import { engineEnvironment } from './engine-environment.ts';

it('an engine gets what the gateway has, except for its secrets', () => {
  expect(engineEnvironment({ PATH: '/bin', MODEL_CACHE_DIR: '/cache', API_KEYS: 'secret' })).toEqual({
    PATH: '/bin',
    MODEL_CACHE_DIR: '/cache',
    ORT_DISABLE_TELEMETRY: '1',
    PORTICO_GATEWAY_PID: String(process.pid),
  });
});

it('telemetry cannot be turned on from outside, nor can another process pass for the gateway', () => {
  expect(engineEnvironment({ ORT_DISABLE_TELEMETRY: '0', PORTICO_GATEWAY_PID: '1' })).toEqual({
    ORT_DISABLE_TELEMETRY: '1',
    PORTICO_GATEWAY_PID: String(process.pid),
  });
});
