import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.ts';
import type { ConfiguredModel } from './config/model-selection.ts';
import { labelOf, type RepositoryFile } from './config/model-repository.ts';
import type { ModelShare } from './config/resources.ts';
import { ModelDispatcher } from './dispatch/dispatcher.ts';
import { type EngineListener, systemClock } from './dispatch/engine.ts';
import type { LaunchGate } from './dispatch/launch-gate.ts';
import type { DispatchObserver } from './dispatch/observer.ts';
import type { OnnxFileVariant } from './engine/onnx-file/runner.ts';
import type { EngineDescription } from './inference.ts';
import type { Served, ServedModel, ServedTensors } from './http/gateway.ts';
import { Holds } from './http/holds.ts';
import { type ModelRegistry, moduleUrl, type RegisteredModel } from './model/register-model.ts';
import { engineEnvironment } from './spawn/engine-environment.ts';
import { startEngineProcess } from './spawn/engine-process.ts';
import { pinWeights } from './weights/resolve-weights.ts';
import { localFile, weightsSource } from './weights/weights-file.ts';
import type { ModelCode } from './wire/messages.ts';

/** Over this share of its memory an engine is replaced after its work, over all of it at once. */
const softMemoryShare = 0.8;

/** Of models that say nothing themselves, without `INFER_TIMEOUT_SECONDS`. */
const defaultInferTimeoutMs = 60_000;

/** Where an engine finds the code for an ONNX file that is served as it is. */
const onnxFileModule = moduleUrl(new URL('./engine/onnx-file/runner.js', import.meta.url));

export interface DispatcherContext {
  readonly config: Config;
  readonly logger: FastifyBaseLogger;
  readonly observer: DispatchObserver;
  readonly loadTimeoutMs: number;
  /** Lets the engines of all models load, so many at a time. */
  readonly gate: LaunchGate;
  /** Engines log where the code of a model fails to load. @default false */
  readonly developing?: boolean;
}

interface CreatedDispatchers extends Served {
  /** Models may come and go. */
  readonly tensors: Map<string, ReadonlyMap<string, ServedTensors>>;
}

/**
 * A dispatcher for each model that the configuration names, and for each version of each file of the model repository.
 * No engine is started yet.
 */
export function createDispatchers(registry: ModelRegistry, context: DispatcherContext): CreatedDispatchers {
  const { config, logger } = context;
  warnIfTight(config, logger);
  warnIfInspected(config, logger);
  for (const text of config.repositoryIgnored) logger.warn({}, `Not served: ${text}.`);
  const models = config.models.map((model) => {
    const registered = registry.get(model.name);
    if (registered === undefined) throw new Error(`Model ${model.name} is not registered.`);
    return [model.name, serveModel(model, registered, context)] as const;
  });
  return { models: new Map(models), tensors: serveRepository(context) };
}

function serveModel(model: ConfiguredModel, registered: RegisteredModel, context: DispatcherContext): ServedModel {
  const { name, variant, weights } = model;
  const { task, settings, module } = registered;
  const { maxBatchSize, maxBatchBytes } = settings;
  const { maxQueue } = context.config;
  const timeoutMs = inferTimeoutMs(context.config, settings.timeoutSeconds);
  const code = { module, task: task.name, variant, weights, maxBatchSize, maxBatchBytes };
  const own = { model: name, timeoutMs, maxQueue: settings.maxQueue ?? maxQueue };
  return Object.assign(dispatch(code, own, context), { task, settings, variant, timeoutMs });
}

function serveRepository(context: DispatcherContext): Map<string, ReadonlyMap<string, ServedTensors>> {
  const models = new Map<string, Map<string, ServedTensors>>();
  for (const file of context.config.repository) {
    const versions = models.get(file.name) ?? new Map<string, ServedTensors>();
    models.set(file.name, versions.set(file.version, serveFile(file, context)));
  }
  return models;
}

/** Serves one file; `context.config` has the shares of all models, this one among them. */
export function serveFile(file: RepositoryFile, context: DispatcherContext): ServedTensors {
  const { name, version, path } = file;
  const { maxQueue, tensorBatching } = context.config;
  const timeoutMs = inferTimeoutMs(context.config);
  const variant: OnnxFileVariant = tensorBatching;
  const code = { module: onnxFileModule, variant, weights: { model: localFile(path) } };
  return Object.assign(dispatch(code, { model: labelOf(file), timeoutMs, maxQueue }, context), {
    name,
    version,
    timeoutMs,
    holds: new Holds(),
  });
}

/** The operator's bound holds for every model; a model's own timeout counts where it is shorter, or where there is no bound. */
function inferTimeoutMs({ maxInferTimeoutMs }: Config, ownSeconds?: number): number {
  const ownMs = ownSeconds === undefined ? undefined : ownSeconds * 1_000;
  return Math.min(ownMs ?? maxInferTimeoutMs ?? defaultInferTimeoutMs, maxInferTimeoutMs ?? Infinity);
}

/** How long a request may take at most, whichever model it is for. */
export const longestTimeoutMs = (registry: ModelRegistry, config: Config): number =>
  Math.max(
    inferTimeoutMs(config),
    ...config.models.map(({ name }) => inferTimeoutMs(config, registry.get(name)?.settings.timeoutSeconds)),
  );

/** What the settings of one model say. */
interface DispatchSettings {
  /** The model in metrics and logs. */
  readonly model: string;
  readonly timeoutMs: number;
  readonly maxQueue: number;
}

type Code = Omit<ModelCode, 'weights'> & Pick<ConfiguredModel, 'weights'>;

/** Joins the engines that load this code with a queue. `weights` is a getter, which a spread would read too early: once. */
function dispatch(
  code: Code,
  { model, timeoutMs, maxQueue }: DispatchSettings,
  { config, logger, observer, loadTimeoutMs, gate, developing = false }: DispatcherContext,
): Pick<ServedTensors, 'dispatcher' | 'weights'> {
  const { device, checksDevice, threads, maxImagePixels, maxRecordingSeconds, cacheDirectory } = config;
  const traces = developing ? ('errors' as const) : undefined;
  const options = { device, checksDevice, threads, maxImagePixels, maxRecordingSeconds, cacheDirectory, traces };
  const { replicasOn, memoryBytes } = shareOf(model, config);
  const checksums = (): Readonly<Record<string, string>> => dispatcher.info?.weights ?? {};
  const dispatcher: ModelDispatcher = new ModelDispatcher({
    model,
    replicasOn,
    gate,
    maxQueue,
    limits: {
      runMs: timeoutMs,
      loadMs: loadTimeoutMs,
      memory: { softBytes: memoryBytes * softMemoryShare, hardBytes: memoryBytes },
      inspected: config.engineInspect !== undefined,
    },
    launch: (listener) => {
      const serving = (): boolean => dispatcher.replicas.ready > 0;
      const pinned = { ...code, weights: pinWeights(code.weights, checksums(), serving()) };
      const environment = engineEnvironment(process.env, {
        names: config.engineEnvironment,
        niceness: config.engineNiceness,
      });
      return startEngineProcess(
        { model, code: pinned, options, logger, inspect: config.engineInspect, environment },
        { ...listener, onReady: (description) => acceptVersion(description, serving(), listener) },
      );
    },
    clock: systemClock,
    observer,
  });
  /** All replicas of a model serve the same bytes: a file that was replaced is loaded when none serves the old ones. */
  const acceptVersion = (description: EngineDescription, serving: boolean, listener: EngineListener): void => {
    const change = otherWeights(checksums(), description.weights);
    if (change !== undefined && serving)
      return listener.onLoadFailed(
        `${change}, and other replicas still serve the old ones. Put the old file back, ${config.controlledRepository === undefined ? '' : 'load the model again, '}or restart the server.`,
      );
    if (change !== undefined) logger.warn({ model }, `${model}: ${change}; the server serves them from now on`);
    listener.onReady(description);
  };
  return {
    dispatcher,
    get weights() {
      return Object.entries(code.weights).map(([name, file]) => ({
        name,
        source: weightsSource(file),
        sha256: file.sha256 ?? checksums()[name] ?? null,
      }));
    },
  };
}

/** In which file an engine found other bytes than the engines before it. */
function otherWeights(
  before: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): string | undefined {
  const name = Object.keys(found).find((name) => before[name] !== undefined && before[name] !== found[name]);
  return name === undefined ? undefined : `The weights ${name} have been replaced: they have sha256 ${found[name]}`;
}

function shareOf(model: string, { shares }: Config): ModelShare {
  const share = shares.models.get(model);
  if (share === undefined) throw new Error(`${model} has no share of the machine.`);
  return share;
}

/** Says where all engines, when they are busy, need more memory than there is. */
export function warnIfTight(
  { shares: { neededBytes, availableBytes } }: Pick<Config, 'shares'>,
  logger: FastifyBaseLogger,
): void {
  if (neededBytes <= availableBytes) return;
  const [needed, available] = [neededBytes, availableBytes].map((bytes) => `${Math.round(bytes / 1024 ** 2)} MiB`);
  logger.warn({}, `The engines need ${needed} of memory when all are busy; ${available} are available`);
}

function warnIfInspected({ engineInspect }: Config, logger: FastifyBaseLogger): void {
  if (engineInspect === undefined) return;
  logger.warn(
    {},
    `Engines have an inspector (PORTICO_ENGINE_INSPECT=${engineInspect}) and are not ended for being slow`,
  );
}
