import type { Task } from '@portico/schemas';
import { type Config, ConfigError, parseConfig } from '../../config.ts';
import { thisMachine } from '../../config/resources.ts';
import { modelRegistry, type ModelSettings, type RegisteredModel } from '../../model/register-model.ts';
import type { ModelCode } from '../../wire/messages.ts';
import { CommandError, CommandLineError } from '../command.ts';
import type { Project } from '../project.ts';

/** A model to try, as the server would load it. */
export interface Trial {
  readonly task: Task;
  readonly variant: string;
  readonly settings: ModelSettings;
  readonly code: ModelCode;
  readonly config: Config;
}

/**
 * Finds a model and where its weights are.
 * @param entry a name, or a name and a variant, as in `MODEL_NAME`
 * @throws {CommandError} if there is none, or a variable of the environment is wrong.
 */
export function prepareTrial(entry: string, models: readonly RegisteredModel[], { models: list }: Project): Trial {
  const registry = modelRegistry(models);
  const registered = registry.get(entry.split(':', 1)[0] ?? '');
  if (registered === undefined) {
    const names = [...registry.keys()].join(', ') || 'none';
    throw new CommandLineError(
      `There is no model "${entry}". ${list ?? 'models.ts'} lists ${names}; a model is registered by one line there.`,
    );
  }
  const config = configOf(entry, registry);
  const [model] = config.models;
  if (model === undefined) throw new CommandError(`The model "${entry}" is not configured.`);
  const { task, settings, module } = registered;
  const { maxBatchBytes } = settings;
  const code = {
    module,
    task: task.name,
    variant: model.variant,
    weights: model.weights,
    maxBatchSize: 1,
    maxBatchBytes,
  };
  return { task, variant: model.variant, settings, code, config };
}

function configOf(entry: string, registry: ReturnType<typeof modelRegistry>): Config {
  try {
    return parseConfig({ ...process.env, MODEL_NAME: entry, MODEL_REPOSITORY: '' }, registry, thisMachine());
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message);
    throw error;
  }
}
