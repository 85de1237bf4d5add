import { labelOf, type RepositoryFile } from './config/model-repository.ts';
import { type DispatcherContext, joinEngines } from './create-models.ts';
import type { ServedTensors, TensorModels } from './http/served-tensors.ts';
import type { OnnxFileVariant } from './engine/onnx-file/runner.ts';
import { moduleUrl } from './model/register-model.ts';
import { localFile } from './weights/weights-file.ts';

/** Where an engine finds the code for an ONNX file that is served as it is. */
const onnxFileModule = moduleUrl(new URL('./engine/onnx-file/runner.js', import.meta.url));

/** A dispatcher for each version of each file of the model repository. No engine is started yet. */
export function createTensorModels(context: DispatcherContext): TensorModels {
  const models = new Map<string, Map<string, ServedTensors>>();
  for (const file of context.config.repository) {
    const versions = models.get(file.name) ?? new Map<string, ServedTensors>();
    models.set(file.name, versions.set(file.version, createTensors(file, context)));
  }
  return models;
}

function createTensors(file: RepositoryFile, context: DispatcherContext): ServedTensors {
  const { name, version, path } = file;
  const { shares, maxQueue, joinsRows, inferTimeoutMs: timeoutMs } = context.config;
  const model = labelOf(file);
  const share = shares.models.get(model);
  if (share === undefined) throw new Error(`${model} has no share of the machine.`);
  const variant: OnnxFileVariant = joinsRows ? 'joined' : 'single';
  const code = { module: onnxFileModule, variant, weights: { model: localFile(path) } };
  const engines = joinEngines(code, { model, share, timeoutMs, maxQueue }, context);
  return {
    name,
    version,
    timeoutMs,
    dispatcher: engines.dispatcher,
    get weights() {
      return engines.weights;
    },
  };
}
