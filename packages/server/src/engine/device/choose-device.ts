import type { Device, RefusedDevice } from '@portico/schemas';
import * as ort from 'onnxruntime-node';
import type { DeviceRequest } from '../../wire/messages.ts';
import { probeDevice } from './probe-device.ts';
import { missingLibrary } from './provider-library.ts';

export interface ChosenDevice {
  readonly device: Device;
  readonly index: number;
  /** Devices that were tried first and why they lost. */
  readonly refused: readonly RefusedDevice[];
}

/** What the ladder may ask about the machine; tests bring their own. */
export interface DeviceProbes {
  supported(): readonly string[];
  probe(device: Device, index: number): Promise<void>;
}

const ladder: readonly Device[] = ['cuda', 'coreml', 'dml', 'cpu'];

const realProbes: DeviceProbes = {
  supported: () => ort.listSupportedBackends().map(({ name }) => name),
  probe: async (device, index) => {
    const missing = missingLibrary(device);
    if (missing !== undefined) throw new Error(missing);
    await probeDevice(device, index);
  },
};

/**
 * Walks the ladder and takes the first device that really runs; a device asked for by name has no second.
 * @throws when the device asked for cannot be used; the message says why.
 */
export async function chooseDevice(request: DeviceRequest, probes: DeviceProbes = realProbes): Promise<ChosenDevice> {
  const candidates = request.name === 'auto' ? ladder : [request.name];
  const supported = new Set(probes.supported());
  const refused: RefusedDevice[] = [];
  for (const device of candidates) {
    const reason = supported.has(device)
      ? await whyNot(() => probes.probe(device, request.index))
      : `this build of ONNX Runtime for ${process.platform} ${process.arch} has no ${device} provider`;
    if (reason === undefined) return { device, index: request.index, refused };
    refused.push({ device, reason });
  }
  const reasons = refused.map(({ device, reason }) => `${device}: ${reason}`).join('; ');
  throw new Error(`DEVICE=${request.name} cannot be used. ${reasons}`);
}

async function whyNot(probe: () => Promise<void>): Promise<string | undefined> {
  try {
    await probe();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? 'unknown') : String(error);
  }
}
