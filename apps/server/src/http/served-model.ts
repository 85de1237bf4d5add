import type { ModelDescription, ModelList, ModelReadiness, ReadyStatus, Task } from '@portico/schemas';
import { z } from 'zod';
import type { ModelDispatcher } from '../dispatch/model-dispatcher.ts';
import type { ModelSettings } from '../models/model.ts';
import { version } from '../version.ts';
import { allTensors, describeTensors, type TensorModels, tensorsReadiness } from './served-tensors.ts';

/** A model that this server was told to serve. */
export interface ServedModel {
  readonly task: Task;
  readonly settings: ModelSettings;
  readonly variant: string;
  readonly dispatcher: ModelDispatcher;
  /** The longest a caller may wait for an answer. */
  readonly timeoutMilliseconds: number;
}

export type ServedModels = ReadonlyMap<string, ServedModel>;

/** Everything that is served, each kind under its own names. */
export interface Served {
  readonly models: ServedModels;
  readonly tensors: TensorModels;
}

export const allDispatchers = ({ models, tensors }: Served): ModelDispatcher[] =>
  [...models.values(), ...allTensors(tensors)].map(({ dispatcher }) => dispatcher);

/** The answer of `GET /ready`. A server without models is never ready: there is nothing it could answer. */
export function readyStatus(served: Served & { readonly lifecycle: { readonly draining: boolean } }): ReadyStatus {
  const { models, tensors, lifecycle } = served;
  const readiness = [...[...models.values()].map(modelReadiness), ...allTensors(tensors).map(tensorsReadiness)];
  const reasons = allDispatchers(served)
    .filter(({ ready }) => !ready)
    .map(({ model, detail }) => `Model ${model} is not ready: ${detail}`);
  if (readiness.length === 0) reasons.push('No model is configured: set MODEL_NAME or MODEL_REPOSITORY.');
  if (lifecycle.draining) reasons.unshift('The server is draining.');
  if (reasons.length === 0) return { status: 'ready', models: readiness };
  return { status: 'not ready', detail: reasons.join(' '), models: readiness };
}

const modelReadiness = ({ task, variant, dispatcher }: ServedModel): ModelReadiness => ({
  kind: 'task',
  name: task.name,
  variant,
  device: dispatcher.info?.device ?? null,
  devicesRefused: [...(dispatcher.info?.devicesRefused ?? [])],
  replicas: dispatcher.replicas,
});

/** The answer of `GET /models`. */
export const modelList = ({ models, tensors }: Served): ModelList => ({
  models: [...[...models.values()].map(describeModel), ...allTensors(tensors).map(describeTensors)],
});

function describeModel({ task, settings, variant, dispatcher }: ServedModel): ModelDescription {
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
    weights: Object.entries(settings.variants[variant]?.weights ?? {}).map(([name, file]) => ({
      name,
      source: `npm:${file.package}/${file.path}`,
      sha256: file.sha256,
    })),
    maxBatch: info?.maxBatch ?? null,
    versions: { portico: version, onnxruntime: info?.onnxruntimeVersion ?? null },
  };
}
