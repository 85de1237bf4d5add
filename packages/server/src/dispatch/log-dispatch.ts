import type { DispatchObserver } from './observer.ts';

/** What the log of the dispatcher needs; pino fits. */
export interface DispatchLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

type Told = Pick<DispatchObserver, 'progress' | 'replicaReady' | 'restarted'>;

/** The words for a device; the log of the first replica names it. */
const deviceWords: Readonly<Record<string, string>> = {
  cuda: 'Using CUDA device',
  coreml: 'Using CoreML (Apple Silicon)',
  dml: 'Using DirectML',
  webgpu: 'Using WebGPU',
  cpu: 'Falling back to CPU',
};

/** Tells the log what becomes of the replicas: progress and deaths once each, not once a second. */
export function logDispatch(
  logger: DispatchLogger,
  deviceName: (device: string, index: number) => string | undefined,
): Told {
  const lastSaid = new Map<string, string>();
  const onChange = (key: string, text: string, say: () => void): void => {
    if (lastSaid.get(key) === text) return;
    lastSaid.set(key, text);
    say();
  };
  return {
    progress: (model, detail) =>
      onChange(`${model} progress`, detail, () => logger.info({ model }, `${model}: ${detail}`)),
    restarted: (model, reason, detail) => {
      lastSaid.delete(`${model} progress`);
      onChange(`${model} death`, `${reason} ${detail}`, () =>
        logger.warn({ model, reason }, `${model}: a replica was replaced (${reason}): ${detail}`),
      );
    },
    replicaReady: (model, info, milliseconds) => {
      lastSaid.delete(`${model} death`);
      const name = deviceName(info.device, info.deviceIndex);
      const refused = info.devicesRefused.map(({ device, reason }) => `${device}: ${reason}`).join('; ');
      const words = [deviceWords[info.device], name ?? refused].filter(Boolean).join(': ');
      onChange(`${model} device`, words, () => logger.info({ model, device: info.device }, words));
      logger.info({ model, milliseconds: Math.round(milliseconds) }, `${model}: a replica is ready`);
    },
  };
}
