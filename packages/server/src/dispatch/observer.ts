import type { EngineDescription, PhaseTimes } from '../inference.ts';

/** Where a job was when its client closed the connection. */
export type CancelStage = 'queued' | 'running';

/**
 * Why a request was rejected: at admission, or, `displaced`, because it had to leave a full queue for another client.
 * `engine-losses` is for what its client has cost engines.
 */
export type RejectReason = 'not-ready' | 'queue-full' | 'deadline' | 'over-share' | 'displaced' | 'engine-losses';

/** Why a replica was replaced. */
export type RestartReason =
  | 'crash'
  | 'timeout'
  | 'abandoned'
  | 'unresponsive'
  | 'memory-soft'
  | 'memory-hard'
  | 'load-failed'
  | 'load-timeout';

/** What happens in the dispatcher, for metrics and the log. */
export interface DispatchObserver {
  /** A run of `batchSize` inputs has begun; `queueMs` is how long each was pending. */
  started(model: string, batchSize: number, queueMs: readonly number[]): void;
  /** A run has had its first outcome, after so long in each of its phases. */
  ran(model: string, times: PhaseTimes): void;
  cancelled(model: string, stage: CancelStage): void;
  rejected(model: string, reason: RejectReason): void;
  restarted(model: string, reason: RestartReason, detail: string): void;
  progress(model: string, detail: string): void;
  /** An engine has downloaded weights, or a part of them. */
  downloaded(model: string, bytes: number, milliseconds: number): void;
  replicaReady(model: string, description: EngineDescription, loadMs: number): void;
}

/** What the log of the dispatcher needs; pino fits. */
export interface DispatchLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** How the log of the first replica names its device. */
const deviceText: Readonly<Record<string, string>> = {
  cuda: 'Using CUDA device',
  coreml: 'Using CoreML (Apple Silicon)',
  dml: 'Using DirectML',
  webgpu: 'Using WebGPU',
  cpu: 'Falling back to CPU',
};

/** Logs what becomes of the replicas: progress and restarts when they change, not each time they are reported. */
export function logDispatch(
  logger: DispatchLogger,
  deviceName: (device: string, index: number) => string | undefined,
): Pick<DispatchObserver, 'progress' | 'replicaReady' | 'restarted'> {
  const lastLogged = new Map<string, string>();
  const onChange = (key: string, text: string, log: () => void): void => {
    if (lastLogged.get(key) === text) return;
    lastLogged.set(key, text);
    log();
  };
  return {
    progress: (model, detail) =>
      onChange(`${model} progress`, detail, () => logger.info({ model }, `${model}: ${detail}`)),
    restarted: (model, reason, detail) => {
      lastLogged.delete(`${model} progress`);
      onChange(`${model} restart`, `${reason} ${detail}`, () =>
        logger.warn({ model, reason }, `${model}: a replica was replaced (${reason}): ${detail}`),
      );
    },
    replicaReady: (model, { device, deviceIndex, devicesRefused }, loadMs) => {
      lastLogged.delete(`${model} restart`);
      const refused = devicesRefused.map(({ device, reason }) => `${device}: ${reason}`).join('; ');
      const text = [deviceText[device], deviceName(device, deviceIndex) ?? refused].filter(Boolean).join(': ');
      onChange(`${model} device`, text, () => logger.info({ model, device }, text));
      logger.info({ model, milliseconds: Math.round(loadMs) }, `${model}: a replica is ready`);
    },
  };
}
