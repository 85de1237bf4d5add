import type { Device } from '@portico/schemas';
import * as ort from 'onnxruntime-node';
import { executionProvider } from './execution-provider.ts';

/** An ONNX file of one node, `y = x + x` for four floats; the same bytes as the fixture `doubling` of the tests. */
export const doublingModel = 'CAg6OQoOCgF4CgF4EgF5IgNBZGQSBWdyYXBoWg8KAXgSCgoICAESBAoCCARiDwoBeRIKCggIARIECgIIBEICEBE=';

/**
 * Runs one node on the device and nowhere else, and checks the result: a provider that loads may still not run.
 * @throws why the device cannot be used.
 */
export async function probeDevice(device: Device, index: number): Promise<void> {
  const strictly = device === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' };
  const session = await ort.InferenceSession.create(Buffer.from(doublingModel, 'base64'), {
    executionProviders: [executionProvider(device, index)],
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
    extra: { session: strictly },
  });
  const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2, 3, 4], [4]) });
  await session.release();
  const result = Array.from((y?.data ?? []) as Float32Array);
  if (result.join() !== '2,4,6,8') throw new Error(`it computed ${result.join()} instead of 2,4,6,8`);
}
