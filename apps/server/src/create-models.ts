import type { FastifyBaseLogger } from 'fastify';
import type { Config } from './config.ts';
import { systemClock } from './dispatch/clock.ts';
import { ModelDispatcher } from './dispatch/model-dispatcher.ts';
import type { DispatchObserver } from './dispatch/observer.ts';
import type { ServedModel } from './http/served-model.ts';
import type { ModelRegistry, RegisteredModel } from './models/registry.ts';
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
  const served = config.models.map(({ name, variant }) => {
    const registered = registry[name];
    if (registered === undefined) throw new Error(`Model ${name} is not registered.`);
    return [name, createModel({ name, variant, registered, config, logger, observer, loadMilliseconds })] as const;
  });
  return new Map(served);
}

interface ModelParts {
  readonly name: string;
  readonly variant: string;
  readonly registered: RegisteredModel;
  readonly config: Config;
  readonly logger: FastifyBaseLogger;
  readonly observer: DispatchObserver;
  readonly loadMilliseconds: number;
}

function createModel(parts: ModelParts): ServedModel {
  const { name, variant, registered, config, logger, observer, loadMilliseconds } = parts;
  const { task, settings, module } = registered;
  const timeoutMilliseconds =
    settings.timeoutSeconds === undefined ? config.inferTimeoutMilliseconds : settings.timeoutSeconds * 1_000;
  const { device, threads, maxImagePixels, cacheDirectory } = config;
  const options = { device, threads, maxImagePixels, cacheDirectory };
  const code = { module, variant, weights: settings.variants[variant]?.weights ?? {} };
  const dispatcher = new ModelDispatcher({
    model: name,
    replicasOn: (winner) => settings.replicas ?? config.replicasOn(winner),
    maxQueue: settings.maxQueue ?? config.maxQueue,
    limits: {
      runMilliseconds: timeoutMilliseconds,
      loadMilliseconds,
      memory: { softBytes: config.replicaMemoryBytes * softMemoryShare, hardBytes: config.replicaMemoryBytes },
    },
    launch: (listener) => startEngineProcess({ model: name, code, options, logger }, listener),
    clock: systemClock,
    observer,
  });
  return { task, settings, variant, dispatcher, timeoutMilliseconds };
}
