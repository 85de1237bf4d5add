import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.ts';
import { systemClock } from './dispatch/clock.ts';
import { ModelDispatcher } from './dispatch/model-dispatcher.ts';
import type { DispatchObserver } from './dispatch/observer.ts';
import type { ServedModel, ServedWeights } from './http/served-model.ts';
import type { ModelRegistry, RegisteredModel } from './model/registry.ts';
import type { MachineShares, ModelShare } from './config/share-machine.ts';
import type { ConfiguredModel } from './config/find-weights.ts';
import { pinDownloads } from './weights/resolve-weights.ts';
import { weightsSource } from './weights/weights-file.ts';
import { startEngineProcess } from './spawn/engine-process.ts';
import type { EngineDescription } from './wire/messages.ts';

/** Over this share of its memory an engine is replaced after its work, over all of it at once. */
const softMemoryShare = 0.8;

/** A dispatcher for each model that the configuration names. No engine is started yet. */
export function createModels(
  config: Config,
  registry: ModelRegistry,
  logger: FastifyBaseLogger,
  observer: DispatchObserver,
  loadMs: number,
): Map<string, ServedModel> {
  warnIfTight(config.shares, logger);
  const served = config.models.map((model) => {
    const { name } = model;
    const registered = registry[name];
    const share = config.shares.models.get(name);
    if (registered === undefined || share === undefined) throw new Error(`Model ${name} is not registered.`);
    return [name, createModel({ model, registered, share, config, logger, observer, loadMs })] as const;
  });
  return new Map(served);
}

export interface DispatcherContext {
  readonly config: Config;
  readonly logger: FastifyBaseLogger;
  readonly observer: DispatchObserver;
  readonly loadMs: number;
}

interface ModelParts extends DispatcherContext {
  readonly model: ConfiguredModel;
  readonly registered: RegisteredModel;
  readonly share: ModelShare;
}

function createModel({ model, registered, share, ...context }: ModelParts): ServedModel {
  const { name, variant, weights } = model;
  const { task, settings, module } = registered;
  const { inferTimeoutMs, maxQueue } = context.config;
  const timeoutMs = settings.timeoutSeconds === undefined ? inferTimeoutMs : settings.timeoutSeconds * 1_000;
  const own = { model: name, share, timeoutMs, maxQueue: settings.maxQueue ?? maxQueue };
  const engines = joinEngines({ module, variant, weights }, own, context);
  return {
    task,
    settings,
    variant,
    timeoutMs,
    dispatcher: engines.dispatcher,
    get weights() {
      return engines.weights;
    },
  };
}

interface OwnSettings {
  /** The model in metrics and logs. */
  readonly model: string;
  readonly share: ModelShare;
  readonly timeoutMs: number;
  readonly maxQueue: number;
}

type Code = Pick<RegisteredModel, 'module'> & Pick<ConfiguredModel, 'variant' | 'weights'>;

/** Joins the engines that load this code with a queue, and tells the weights as they find them. No engine is started yet. */
export function joinEngines(
  code: Code,
  { model, share, timeoutMs, maxQueue }: OwnSettings,
  { config, logger, observer, loadMs }: DispatcherContext,
): Pick<ServedModel, 'dispatcher'> & { readonly weights: readonly ServedWeights[] } {
  const { device, threads, maxImagePixels, cacheDirectory } = config;
  const options = { device, threads, maxImagePixels, cacheDirectory };
  /** As the latest engine found them. */
  let checksums: EngineDescription['weights'] = {};
  const dispatcher = new ModelDispatcher({
    model,
    replicasOn: share.replicasOn,
    maxQueue,
    limits: {
      runMs: timeoutMs,
      loadMs,
      memory: { softBytes: share.memoryBytes * softMemoryShare, hardBytes: share.memoryBytes },
    },
    launch: (listener) => {
      const setup = { model, code: { ...code, weights: pinDownloads(code.weights, checksums) }, options, logger };
      const ready = (description: EngineDescription): void => {
        checksums = description.weights;
        listener.ready(description);
      };
      return startEngineProcess(setup, { ...listener, ready });
    },
    clock: systemClock,
    observer,
  });
  return {
    dispatcher,
    get weights() {
      return Object.entries(code.weights).map(([name, file]) => ({
        name,
        source: weightsSource(file),
        sha256: file.sha256 ?? checksums[name] ?? null,
      }));
    },
  };
}

function warnIfTight({ neededBytes, availableBytes }: MachineShares, logger: FastifyBaseLogger): void {
  if (neededBytes <= availableBytes) return;
  const [needed, available] = [neededBytes, availableBytes].map((bytes) => `${Math.round(bytes / 1024 ** 2)} MiB`);
  logger.warn({}, `The engines need ${needed} of memory when all are busy, and there are ${available} for them`);
}
