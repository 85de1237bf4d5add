import {
  Failure,
  type ModelDescription,
  type ModelReadiness,
  type TensorMetadata,
  type TensorSignature,
} from '@portico/schemas';
import type { ModelDispatcher } from '../dispatch/dispatcher.ts';
import { version as portico } from '../version.ts';

/** One version of a file of the model repository. */
export interface ServedTensors {
  readonly name: string;
  readonly version: string;
  readonly weights: readonly ModelDescription['weights'][number][];
  readonly dispatcher: ModelDispatcher;
  /** The longest a client may wait for an answer. */
  readonly timeoutMs: number;
}

/** Versions by model, the newest last. */
export type TensorModels = ReadonlyMap<string, ReadonlyMap<string, ServedTensors>>;

export const allTensors = (models: TensorModels): ServedTensors[] =>
  [...models.values()].flatMap((versions) => [...versions.values()]);

/** The version of a model that was asked for, else the newest. Throws `NOT_FOUND` with what there is. */
export function findTensors(models: TensorModels, name: string, version: string | undefined): ServedTensors {
  const versions = models.get(name);
  if (versions === undefined) throw new Failure('NOT_FOUND', `There is no model "${name}" in the model repository.`);
  const found = version === undefined ? [...versions.values()].at(-1) : versions.get(version);
  if (found !== undefined) return found;
  throw new Failure('NOT_FOUND', `Model ${name} has no version "${version}", but ${[...versions.keys()].join(', ')}.`);
}

/** The tensors that a model takes and gives; undefined until a replica has loaded. */
export const tensorsOf = ({ dispatcher }: ServedTensors): TensorSignature | undefined => dispatcher.info?.tensors;

export const tensorsReadiness = ({ name, version, dispatcher }: ServedTensors): ModelReadiness => ({
  kind: 'tensors',
  name,
  variant: version,
  device: dispatcher.info?.device ?? null,
  devicesRefused: [...(dispatcher.info?.devicesRefused ?? [])],
  replicas: dispatcher.replicas,
});

/** What `GET /models` says of one version. */
export function describeTensors(served: ServedTensors): ModelDescription {
  const { name, version, weights, dispatcher } = served;
  const { info } = dispatcher;
  const signature = tensorsOf(served);
  return {
    kind: 'tensors',
    name,
    version,
    inputs: listOf(signature?.inputs),
    outputs: listOf(signature?.outputs),
    device: info?.device ?? null,
    devicesRefused: [...(info?.devicesRefused ?? [])],
    weights: [...weights],
    maxBatch: info?.maxBatchSize ?? null,
    versions: { portico, onnxruntime: info?.onnxruntimeVersion ?? null },
  };
}

const listOf = (tensors: readonly TensorMetadata[] | undefined): TensorMetadata[] | null =>
  tensors === undefined ? null : [...tensors];
