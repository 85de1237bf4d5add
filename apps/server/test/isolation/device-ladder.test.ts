import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { explainSkip } from '../harness/measured.ts';
import { eventually, startServer } from '../harness/server-process.ts';

const accelerated = process.platform !== 'linux' || existsSync('/dev/nvidiactl');
if (accelerated) explainSkip('the fall to the processor and the missing GPU: this machine may have a GPU');

it.skipIf(accelerated)(
  'without a GPU the server says that it runs on the processor, and why on nothing better',
  async () => {
    await using server = await startServer({ MODEL_NAME: 'dense' });
    await server.ready();
    const { models } = (await (await fetch(`${server.url}/models`)).json()) as {
      models: { device: string; devicesRefused: { device: string; reason: string }[] }[];
    };
    expect(models[0]?.device).toBe('cpu');
    expect(models[0]?.devicesRefused.map(({ device }) => device)).toEqual(['cuda', 'coreml', 'dml']);
    for (const { reason } of models[0]?.devicesRefused ?? []) expect(reason).not.toBe('');
    const line = await server.logged(({ msg }) => String(msg).startsWith('Falling back to CPU: '));
    expect(line['msg']).toMatch(/cuda: .+; coreml: .+; dml: .+/);
  },
);

it.skipIf(accelerated)(
  'a device asked for by name that is not there keeps readiness off, with the reason, and the server alive',
  async () => {
    await using server = await startServer({ MODEL_NAME: 'dense', DEVICE: 'cuda' });
    const detail = await eventually(async () => {
      const ready = await fetch(`${server.url}/ready`);
      const body = (await ready.json()) as { detail: string };
      expect(ready.status).toBe(503);
      return body.detail.includes('DEVICE=cuda cannot be used') ? body.detail : undefined;
    });
    expect(detail).toMatch(/Model dense is not ready: DEVICE=cuda cannot be used\. cuda: .+/);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  },
);
