import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.ts';
import { systemClock } from './dispatch/clock.ts';
import { ModelDispatcher } from './dispatch/model-dispatcher.ts';
import type { DispatchObserver } from './dispatch/observer.ts';
import type { ServedModel } from './http/served-model.ts';
import type { ModelRegistry, RegisteredModel } from './models/registry.ts';
import type { MachineShares, ModelShare } from './config/share-machine.ts';
import type { ConfiguredModel } from './config/find-weights.ts';
import { pinDownloads } from './models/weights/pin-downloads.ts';
import { weightsSource } from './models/weights/weights-source.ts';
import { startEngineProcess } from './spawn/engine-process.ts';

/** Over this share of its memory an engine is replaced after its work, over all of it at once. */
const softMemoryShare = 0.8;

/** A dispatcher for each model that the configuration names. No engine is started yet. */
export function createModels(
  config: Config,
  registry: ModelRegistry,
  logger: FastifyBaseLogger,
  observer: DispatchObserver,
  loadMilliseconds: number,
): Map<string, ServedModel> {
  warnIfTight(config.shares, logger);
  const served = config.models.map((model) => {
    const { name } = model;
    const registered = registry[name];
    const share = config.shares.models.get(name);
    if (registered === undefined || share === undefined) throw new Error(`Model ${name} is not registered.`);
    return [name, createModel({ model, registered, share, config, logger, observer, loadMilliseconds })] as const;
  });
  return new Map(served);
}

interface ModelParts {
  readonly model: ConfiguredModel;
  readonly registered: RegisteredModel;
  readonly share: ModelShare;
  readonly config: Config;
  readonly logger: FastifyBaseLogger;
  readonly observer: DispatchObserver;
  readonly loadMilliseconds: number;
}

function createModel(parts: ModelParts): ServedModel {
  const { model, registered, share, config, logger, observer, loadMilliseconds } = parts;
  const { name, variant } = model;
  const { task, settings, module } = registered;
  const timeoutMilliseconds =
    settings.timeoutSeconds === undefined ? config.inferTimeoutMilliseconds : settings.timeoutSeconds * 1_000;
  const { device, threads, maxImagePixels, cacheDirectory } = config;
  const options = { device, threads, maxImagePixels, cacheDirectory };
  const dispatcher: ModelDispatcher = new ModelDispatcher({
    model: name,
    replicasOn: share.replicasOn,
    maxQueue: settings.maxQueue ?? config.maxQueue,
    limits: {
      runMilliseconds: timeoutMilliseconds,
      loadMilliseconds,
      memory: { softBytes: share.memoryBytes * softMemoryShare, hardBytes: share.memoryBytes },
    },
    launch: (listener) => {
      const weights = pinDownloads(model.weights, dispatcher.info?.weights ?? {});
      return startEngineProcess({ model: name, module, variant, weights, options, logger }, listener);
    },
    clock: systemClock,
    observer,
  });
  const weights = Object.entries(model.weights).map(([name, file]) => ({
    name,
    source: weightsSource(file),
    sha256: file.sha256,
  }));
  return { task, settings, variant, weights, dispatcher, timeoutMilliseconds };
}

function warnIfTight({ neededBytes, availableBytes }: MachineShares, logger: FastifyBaseLogger): void {
  if (neededBytes <= availableBytes) return;
  const [needed, available] = [neededBytes, availableBytes].map((bytes) => `${Math.round(bytes / 1024 ** 2)} MiB`);
  logger.warn({}, `The engines need ${needed} of memory when all are busy, and there are ${available} for them`);
}
