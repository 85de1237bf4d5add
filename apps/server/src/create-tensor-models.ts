import type { RepositoryFile } from './config/model-repository.ts';
import { createDispatcher, type DispatcherContext } from './create-models.ts';
import type { ServedTensors, TensorModels } from './http/served-tensors.ts';
import { tensorsModule } from './models/registry.ts';

/** A dispatcher for each version of each file of the model repository. No engine is started yet. */
export function createTensorModels(context: DispatcherContext): TensorModels {
  const models = new Map<string, Map<string, ServedTensors>>();
  for (const file of context.config.repository) {
    const versions = models.get(file.name) ?? new Map<string, ServedTensors>();
    models.set(file.name, versions.set(file.version, createTensors(file, context)));
  }
  return models;
}

function createTensors({ name, version, path }: RepositoryFile, context: DispatcherContext): ServedTensors {
  const { replicasOn, maxQueue, inferTimeoutMilliseconds: timeoutMilliseconds } = context.config;
  const code = { module: tensorsModule, variant: path, weights: {} };
  // A file may have the name of a task; in metrics and logs no task is called like this.
  const model = `tensors/${name}:${version}`;
  const dispatcher = createDispatcher(code, context, { model, replicasOn, maxQueue, timeoutMilliseconds });
  return { name, version, dispatcher, timeoutMilliseconds };
}
