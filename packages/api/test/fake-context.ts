import type { Context } from '../src/trpc.ts';

/** A context whose tasks all return what the function returns. */
export const fakeContext = (
  infer: Context['infer'] = async () => ({}),
  // oxlint-disable-next-line eslint/require-yield -- a stream without items
  stream: Context['stream'] = async function* () {
    return {};
  },
): Context => ({
  requestId: 'request-1',
  infer,
  stream,
  tensors: async ({ model, inputs }) => ({ model, version: '1', outputs: inputs }),
  models: () => ({ models: [] }),
  ready: () => ({ status: 'not ready', detail: 'ocr is loading', models: [] }),
  gpu: () => ({ available: false, reason: 'No NVML', gpus: [] }),
});
