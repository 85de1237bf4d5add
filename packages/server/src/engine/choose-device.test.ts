import { describe, expect, it } from 'vitest';
import { chooseDevice, type DeviceProbes } from './choose-device.ts';

/** A machine on which these devices work, and whose build of the runtime knows all of the supported. */
function machine(working: readonly string[], supported = ['cuda', 'coreml', 'dml', 'webgpu', 'cpu']) {
  const probed: string[] = [];
  const probes: DeviceProbes = {
    supported: () => supported,
    probe: async (device, index) => {
      probed.push(`${device}:${index}`);
      if (!working.includes(device)) throw new Error(`no ${device} here\nat native code`);
    },
  };
  return { probes, probed };
}

const auto = { name: 'auto', index: 0 } as const;

describe('without a wish', () => {
  it('the first device on the ladder that runs is taken, and nothing after it is tried', async () => {
    const { probes, probed } = machine(['cuda', 'cpu']);
    expect(await chooseDevice(auto, probes)).toEqual({ device: 'cuda', index: 0, refused: [] });
    expect(probed).toEqual(['cuda:0']);
  });

  it('those that lost are named in order, each with the first line of its reason', async () => {
    const { probes } = machine(['cpu']);
    expect(await chooseDevice(auto, probes)).toEqual({
      device: 'cpu',
      index: 0,
      refused: [
        { device: 'cuda', reason: 'no cuda here' },
        { device: 'coreml', reason: 'no coreml here' },
        { device: 'dml', reason: 'no dml here' },
      ],
    });
  });

  it('a device that the runtime was not built for is not tried', async () => {
    const { probes, probed } = machine(['coreml', 'cpu'], ['coreml', 'cpu']);
    const { device, refused } = await chooseDevice(auto, probes);
    expect(device).toBe('coreml');
    expect(probed).toEqual(['coreml:0']);
    expect(refused[0]?.reason).toMatch(/^this build of ONNX Runtime for \w+ \w+ has no cuda provider$/);
  });

  it('webgpu is never taken: it has to be asked for', async () => {
    const { probes } = machine(['webgpu']);
    await expect(chooseDevice(auto, probes)).rejects.toThrow(/DEVICE=auto cannot be used\. cuda: .+; cpu: no cpu here/);
  });
});

describe('a device asked for by name', () => {
  it('is taken with its number', async () => {
    const { probes, probed } = machine(['cuda', 'cpu']);
    expect(await chooseDevice({ name: 'cuda', index: 1 }, probes)).toEqual({ device: 'cuda', index: 1, refused: [] });
    expect(probed).toEqual(['cuda:1']);
  });

  it('has no second', async () => {
    const { probes, probed } = machine(['cpu']);
    await expect(chooseDevice({ name: 'cuda', index: 0 }, probes)).rejects.toThrow(
      'DEVICE=cuda cannot be used. cuda: no cuda here',
    );
    expect(probed).toEqual(['cuda:0']);
  });
});
