import type { z } from 'zod';
import type { ModelRegistry } from '../model/register-model.ts';
import type { LocatedWeightsFile } from '../weights/weights-file.ts';
import { configuredWeights } from './configured-weights.ts';
import type { SelectedModel } from './model-selection.ts';

/** A model to serve, and where its weights are. */
export interface ConfiguredModel extends SelectedModel {
  readonly weights: Readonly<Record<string, LocatedWeightsFile>>;
}

/** Finds the weights of the selected models; each variable that is missing or wrong is an issue of its own name. */
export const findWeights =
  (registry: ModelRegistry, environment: NodeJS.ProcessEnv) =>
  (selected: readonly SelectedModel[], context: z.RefinementCtx): ConfiguredModel[] =>
    selected.flatMap(({ name, variant }) => {
      const files = registry.get(name)?.settings.variants[variant]?.weights ?? {};
      const weights = configuredWeights(name, files, environment);
      if (!Array.isArray(weights)) return { name, variant, weights };
      for (const { variable, message } of weights) context.addIssue({ code: 'custom', path: [variable], message });
      return [];
    });
