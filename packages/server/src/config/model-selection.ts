import { z } from 'zod';
import type { ModelRegistry, ModelSettings } from '../model/register-model.ts';
import { comesWithTheInstall } from '../weights/weights-file.ts';

/** A model to serve. */
export interface SelectedModel {
  readonly name: string;
  readonly variant: string;
}

/**
 * `MODEL_NAME`: a comma list of `task` or `task:variant`, empty for none; by default every registered model whose weights come
 * with the install.
 */
export function modelSelection(registry: ModelRegistry) {
  const everything = [...registry.keys()].filter((name) => isBundled(registry.get(name)?.settings)).join(',');
  return z
    .string()
    .default(everything)
    .transform((text, context): SelectedModel[] => {
      const entries = text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
      const selected = entries.map((entry) => select(entry, registry));
      for (const mistake of [...selected.filter((one) => typeof one === 'string'), ...repeated(entries)]) {
        context.addIssue({ code: 'custom', message: mistake });
      }
      return selected.filter((one) => typeof one !== 'string');
    });
}

/** Whether a model's first variant, which is its default, needs nothing from elsewhere. */
const isBundled = (settings: ModelSettings | undefined): boolean =>
  Object.values(Object.values(settings?.variants ?? {})[0]?.weights ?? {}).every(comesWithTheInstall);

function select(entry: string, registry: ModelRegistry): SelectedModel | string {
  const [name = '', variant, ...more] = entry.split(':');
  const model = registry.get(name);
  if (model === undefined || more.length > 0) {
    return `there is no model "${entry}"; use a comma list of ${[...registry.keys()].join(', ')}`;
  }
  const variants = Object.keys(model.settings.variants);
  if (variant !== undefined && !variants.includes(variant)) {
    return `${name} has no variant "${variant}"; use ${variants.join(' or ')}`;
  }
  return { name, variant: variant ?? variants[0] ?? '' };
}

function repeated(entries: readonly string[]): string[] {
  const names = entries.map((entry) => entry.split(':')[0]);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `${name} is named twice; a server has one variant of a model`);
}
