import type {
  FormInput,
  LoadProgress,
  ModelDescription,
  ModelList,
  ModelReadiness,
  ReadyStatus,
  TaskInput,
  TensorDescription,
} from '@portico/schemas';
import type { ModelDispatcher } from '../dispatch/dispatcher.ts';
import { notReadySentence } from '../dispatch/readiness.ts';
import type { EngineDescription } from '../inference.ts';
import { version } from '../version.ts';
import {
  allDispatchers,
  allTensors,
  type Gateway,
  type Served,
  type ServedModel,
  type ServedTensors,
  type ServedWeights,
} from './gateway.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { outputTypes } from './input/headers.ts';
import { publicText } from './public-text.ts';

/**
 * What `GET /ready` returns. A server without models is never ready, unless requests may load some. A file that cannot be loaded holds
 * readiness as long as nothing else is served, or if it is to.
 */
export function readyStatus(
  served: Pick<Gateway, 'models' | 'tensors' | 'lifecycle' | 'repository' | 'strictReadiness'>,
): ReadyStatus {
  const models = [
    ...[...served.models.values()].map(taskReadiness),
    ...allTensors(served.tensors).map(tensorReadiness),
  ];
  const all = allDispatchers(served);
  const files = new Set(allTensors(served.tensors).map(({ dispatcher }) => dispatcher));
  const unready = all.filter(({ ready }) => !ready);
  const isServing = unready.length < all.length || served.repository.control !== undefined;
  const holds = (dispatcher: ModelDispatcher): boolean =>
    served.strictReadiness || !files.has(dispatcher) || !dispatcher.failedToLoad;
  const reasons = (isServing && !unready.some(holds) ? [] : unready).map(({ model, detail }) =>
    notReadySentence(model, publicText(detail)),
  );
  if (models.length === 0 && !isServing) reasons.push('No model is configured. Set MODEL_NAME or MODEL_REPOSITORY.');
  if (served.lifecycle.draining) reasons.unshift('The server is draining.');
  if (reasons.length === 0) return { status: 'ready', models };
  return { status: 'not ready', detail: reasons.join(' '), models };
}

const taskReadiness = ({ task, variant, dispatcher }: ServedModel): ModelReadiness => ({
  kind: 'task',
  name: task.name,
  variant,
  ...publicDevicesOf(dispatcher.info),
  replicas: dispatcher.replicas,
  ...progressOf(dispatcher),
});

const tensorReadiness = ({ name, version, dispatcher }: ServedTensors): ModelReadiness => ({
  kind: 'tensors',
  name,
  variant: version,
  ...publicDevicesOf(dispatcher.info),
  replicas: dispatcher.replicas,
  ...progressOf(dispatcher),
});

function progressOf({ progress }: ModelDispatcher): { progress?: LoadProgress } {
  if (progress === undefined) return {};
  const { detail, error } = progress;
  return {
    progress: { ...progress, detail: publicText(detail), error: error === null ? null : publicText(error) },
  };
}

/** What `GET /models` returns. */
export const modelList = ({ models, tensors }: Served): ModelList => ({
  models: [...[...models.values()].map(describeModel), ...allTensors(tensors).map(describeTensors)],
});

function describeModel({ task, settings, variant, weights = [], dispatcher }: ServedModel): ModelDescription {
  return {
    kind: 'task',
    name: task.name,
    variant,
    variants: Object.keys(settings.variants),
    summary: task.summary,
    inputKind: task.accepts.kind,
    accepts: mediaTypesOf(task.accepts),
    parts: task.accepts.kind === 'form' ? partsOf(task.accepts) : null,
    input: task.accepts.kind === 'json' ? jsonSchemaOf(task.accepts.schema, 'input') : null,
    params: jsonSchemaOf(task.params, 'input'),
    output: jsonSchemaOf(task.output, 'output'),
    answers: [...outputTypes(task)],
    produces: task.produces === undefined ? null : { ...task.produces },
    warnings: Object.entries(task.warnings ?? {}).map(([code, message]) => ({ code, message })),
    item: task.item === undefined ? null : jsonSchemaOf(task.item, 'output'),
    ...engineOf(dispatcher, weights),
  };
}

function mediaTypesOf(accepts: TaskInput): string[] {
  if (accepts.kind === 'json') return ['application/json'];
  return accepts.kind === 'form' ? ['multipart/form-data'] : [...accepts.mediaTypes];
}

const partsOf = ({ parts }: FormInput) =>
  Object.entries(parts).map(([name, { mediaTypes }]) => ({ name, accepts: [...mediaTypes] }));

function describeTensors({ name, version, weights, dispatcher }: ServedTensors): ModelDescription {
  const signature = dispatcher.info?.tensors;
  return {
    kind: 'tensors',
    name,
    version,
    inputs: listOf(signature?.inputs),
    outputs: listOf(signature?.outputs),
    ...engineOf(dispatcher, weights),
  };
}

const devicesOf = (info: EngineDescription | undefined) => ({
  device: info?.device ?? null,
  devicesRefused: [...(info?.devicesRefused ?? [])],
});

function publicDevicesOf(info: EngineDescription | undefined) {
  const { device, devicesRefused } = devicesOf(info);
  const refused = devicesRefused.map(({ reason, ...rest }) => ({ ...rest, reason: publicText(reason) }));
  return { device, devicesRefused: refused };
}

const engineOf = ({ info }: ModelDispatcher, weights: readonly ServedWeights[]) => ({
  ...devicesOf(info),
  ...(info?.deviceCheck === undefined ? {} : { deviceCheck: info.deviceCheck }),
  weights: [...weights],
  maxBatch: info?.maxBatchSize ?? null,
  versions: { portico: version, onnxruntime: info?.onnxruntimeVersion ?? null },
});

const listOf = (tensors: readonly TensorDescription[] | undefined): TensorDescription[] | null =>
  tensors === undefined ? null : [...tensors];
