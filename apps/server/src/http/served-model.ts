import type { ModelDescription, ModelReadiness, ReadyStatus, Task } from '@portico/schemas';
import { z } from 'zod';
import type { ModelDispatcher } from '../dispatch/model-dispatcher.ts';
import type { ModelSettings } from '../models/model.ts';
import { version } from '../version.ts';

/** A weights file in words that hold no secret. */
export interface ServedWeights {
  readonly name: string;
  readonly source: string;
  /** Undefined where nobody knows it before the file has been read. */
  readonly sha256: string | undefined;
}

/** A model that this server was told to serve. */
export interface ServedModel {
  readonly task: Task;
  readonly settings: ModelSettings;
  readonly variant: string;
  readonly weights: readonly ServedWeights[];
  readonly dispatcher: ModelDispatcher;
  /** The longest a caller may wait for an answer. */
  readonly timeoutMilliseconds: number;
}

export type ServedModels = ReadonlyMap<string, ServedModel>;

/** The answer of `GET /ready`. A server without models is never ready: there is nothing it could answer. */
export function readyStatus(models: ServedModels, draining: boolean): ReadyStatus {
  const list = [...models.values()];
  const readiness = list.map(modelReadiness);
  const reasons = list
    .filter(({ dispatcher }) => !dispatcher.ready)
    .map(({ task, dispatcher }) => `Model ${task.name} is not ready: ${dispatcher.detail}`);
  if (list.length === 0) reasons.push('No model is configured: set MODEL_NAME.');
  if (draining) reasons.unshift('The server is draining.');
  if (reasons.length === 0) return { status: 'ready', models: readiness };
  return { status: 'not ready', detail: reasons.join(' '), models: readiness };
}

const modelReadiness = ({ task, variant, dispatcher }: ServedModel): ModelReadiness => ({
  name: task.name,
  variant,
  device: dispatcher.info?.device ?? null,
  devicesRefused: [...(dispatcher.info?.devicesRefused ?? [])],
  replicas: dispatcher.replicas,
});

/** What `GET /models` says of a model. */
export function describeModel({ task, settings, variant, weights, dispatcher }: ServedModel): ModelDescription {
  const { info } = dispatcher;
  return {
    kind: 'task',
    name: task.name,
    variant,
    variants: Object.keys(settings.variants),
    summary: task.summary,
    accepts: task.accepts.kind === 'json' ? ['application/json'] : [...task.accepts.mediaTypes],
    params: z.toJSONSchema(task.params, { io: 'input' }),
    output: z.toJSONSchema(task.output),
    device: info?.device ?? null,
    devicesRefused: [...(info?.devicesRefused ?? [])],
    weights: weights.map(({ name, source, sha256 }) => ({
      name,
      source,
      sha256: sha256 ?? info?.weights[name] ?? null,
    })),
    maxBatch: info?.maxBatch ?? null,
    versions: { portico: version, onnxruntime: info?.onnxruntimeVersion ?? null },
  };
}
