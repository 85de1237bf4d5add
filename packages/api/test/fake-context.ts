import type { Context } from '../src/context.ts';

/** A context whose tasks all answer with what the function says. */
export const fakeContext = (infer: Context['infer'] = async () => ({})): Context => ({
  requestId: 'request-1',
  infer,
  tensors: async ({ model, inputs }) => ({ model, version: '1', outputs: inputs }),
  models: () => ({ models: [] }),
  ready: () => ({ status: 'not ready', detail: 'ocr is loading', models: [] }),
  gpu: () => ({ available: false, reason: 'No NVML', gpus: [] }),
});
