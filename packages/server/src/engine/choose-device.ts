import type { Device, RefusedDevice } from '@portico/schemas';
import * as ort from 'onnxruntime-node';
import { installedRuntime, lackingLibraries, wrongFiles } from '../cuda/provider.ts';
import type { DeviceRequest } from '../wire/messages.ts';

/** `DEVICE=auto` takes the first of these that runs. */
const ladder: readonly Device[] = ['cuda', 'coreml', 'dml', 'cpu'];

/** An ONNX file of one node, `y = x + x` for four floats; the same bytes as the fixture `doubling` of the tests. */
const doublingModel = 'CAg6OQoOCgF4CgF4EgF5IgNBZGQSBWdyYXBoWg8KAXgSCgoICAESBAoCCARiDwoBeRIKCggIARIECgIIBEICEBE=';

export interface ChosenDevice {
  readonly device: Device;
  readonly index: number;
  /** Devices that come before it on the ladder, and why they cannot be used. */
  readonly refused: readonly RefusedDevice[];
}

/** What is known of the machine; tests bring their own. */
export interface DeviceProbes {
  supported(): readonly string[];
  /** Rejects if the device cannot be used. */
  probe(device: Device, index: number): Promise<void>;
}

export const realProbes: DeviceProbes = {
  supported: () => ort.listSupportedBackends().map(({ name }) => name),
  probe: probeDevice,
};

/**
 * Takes the first device on the ladder that really runs, or the one that is requested by name, which has no alternative.
 * @param unfit devices that have turned out to be of no use for the model
 * @throws if the requested device cannot be used; the message says why.
 */
export async function chooseDevice(
  request: DeviceRequest,
  probes: DeviceProbes = realProbes,
  unfit: readonly RefusedDevice[] = [],
): Promise<ChosenDevice> {
  const candidates = request.name === 'auto' ? ladder : [request.name];
  const supported = new Set(probes.supported());
  const reasonAgainst = async (device: Device, index: number): Promise<string | undefined> =>
    supported.has(device)
      ? probeFailure(() => probes.probe(device, index))
      : `this build of ONNX Runtime for ${process.platform} ${process.arch} has no ${device} provider`;
  const refused: RefusedDevice[] = [];
  for (const device of candidates) {
    const known = unfit.find((refused) => refused.device === device)?.reason;
    const reason = known ?? (await reasonAgainst(device, request.index));
    if (reason === undefined) return { device, index: request.index, refused };
    refused.push({ device, reason });
  }
  const reasons = refused.map(({ device, reason }) => `${device}: ${reason}`).join('; ');
  throw new Error(`DEVICE=${request.name} cannot be used. ${reasons}`);
}

async function probeFailure(probe: () => Promise<void>): Promise<string | undefined> {
  try {
    await probe();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? 'unknown') : String(error);
  }
}

/** Runs one node on the device and nowhere else, and checks the result: a provider that loads may still not run. */
async function probeDevice(device: Device, index: number): Promise<void> {
  const onLinux = device === 'cuda' && process.platform === 'linux' && process.arch === 'x64';
  // Asking ONNX Runtime itself would print its loader's complaint at every start of every engine.
  const wrong = onLinux ? wrongFiles(installedRuntime()) : undefined;
  if (wrong !== undefined) throw new Error(wrong);
  const result = await runDoubling(device, index).catch((error: unknown) => {
    // ONNX Runtime says that a library cannot be loaded, not which it needs.
    const lacking = onLinux ? lackingLibraries(installedRuntime()) : undefined;
    throw lacking === undefined ? error : new Error(lacking, { cause: error });
  });
  if (result.join() !== '2,4,6,8') throw new Error(`it computed ${result.join()} instead of 2,4,6,8`);
}

async function runDoubling(device: Device, index: number): Promise<number[]> {
  const session = await ort.InferenceSession.create(Buffer.from(doublingModel, 'base64'), {
    executionProviders: [executionProvider(device, index)],
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
    extra: { session: device === 'cpu' ? {} : { disable_cpu_ep_fallback: '1' } },
  });
  const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2, 3, 4], [4]) });
  await session.release();
  return Array.from((y?.data ?? []) as Float32Array);
}

/** ONNX Runtime's option for one device. Only CUDA and DirectML can select one of several. */
export function executionProvider(
  device: Device,
  index: number,
): Device | { readonly name: 'cuda' | 'dml'; readonly deviceId: number } {
  if (device === 'cuda') return { name: 'cuda', deviceId: index };
  if (device === 'dml') return { name: 'dml', deviceId: index };
  return device;
}
