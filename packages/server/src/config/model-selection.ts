import { type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { ModelRegistry, ModelSettings } from '../model/register-model.ts';
import {
  comesWithTheInstall,
  type ConfiguredFile,
  type LocatedWeightsFile,
  type WeightsFile,
} from '../weights/weights-file.ts';

/** A model to serve, and where its weights are. */
export interface ConfiguredModel {
  readonly name: string;
  readonly variant: string;
  readonly weights: Readonly<Record<string, LocatedWeightsFile>>;
}

/**
 * `MODEL_NAME`: a comma list of `task` or `task:variant`, empty for none; by default every registered model whose weights come
 * with the install. Each variable that should say where weights are and does not is an issue under its own name.
 */
export const modelSelection = (registry: ModelRegistry, environment: NodeJS.ProcessEnv) =>
  z
    .string()
    .default([...registry.keys()].filter((name) => isBundled(registry.get(name)?.settings)).join(','))
    .transform((text, context) => {
      const entries = commaList(text);
      const selected = entries.map((entry) => select(entry, registry));
      for (const mistake of [...selected.filter((one) => typeof one === 'string'), ...repeated(entries)]) {
        context.addIssue({ code: 'custom', message: mistake });
      }
      return selected.filter((one) => typeof one !== 'string');
    })
    .transform((selected, context) =>
      selected.flatMap(({ name, variant, files }): ConfiguredModel[] => {
        const weights = configuredWeights(name, files, environment);
        if (!Array.isArray(weights)) return [{ name, variant, weights }];
        for (const { variable, message } of weights) context.addIssue({ code: 'custom', path: [variable], message });
        return [];
      }),
    );

/** The items of a comma list, without blanks. */
export const commaList = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

/** Whether a model's default variant, which is the first, needs nothing from elsewhere. */
const isBundled = (settings: ModelSettings | undefined): boolean =>
  Object.values(Object.values(settings?.variants ?? {})[0]?.weights ?? {}).every(comesWithTheInstall);

type WeightsFiles = Readonly<Record<string, WeightsFile>>;

/** The model that an entry names, or why there is none. */
function select(
  entry: string,
  registry: ModelRegistry,
): { readonly name: string; readonly variant: string; readonly files: WeightsFiles } | string {
  const [name = '', given, ...more] = entry.split(':');
  const model = registry.get(name);
  if (model === undefined || more.length > 0) {
    return `there is no model "${entry}"; use a comma list of ${[...registry.keys()].join(', ')}`;
  }
  const { variants } = model.settings;
  const variant = given ?? Object.keys(variants)[0] ?? '';
  if (given !== undefined && !Object.hasOwn(variants, given)) {
    return `${name} has no variant "${given}"; use ${Object.keys(variants).join(' or ')}`;
  }
  return { name, variant, files: variants[variant]?.weights ?? {} };
}

function repeated(entries: readonly string[]): string[] {
  const names = entries.map((entry) => entry.split(':')[0]);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => `${name} is named twice; a server has one variant of a model`);
}

/** What is wrong with an environment variable, in words that follow its name. */
export interface WeightsMistake {
  readonly variable: string;
  readonly message: string;
}

/** The weights of a model with the locations that the environment names, or one mistake for each variable that is wrong. */
export function configuredWeights(
  model: string,
  files: WeightsFiles,
  environment: NodeJS.ProcessEnv,
): Record<string, LocatedWeightsFile> | WeightsMistake[] {
  const configured = Object.values(files).filter((file) => file.kind === 'configured');
  const variables = new Set(configured.map(({ variable }) => variable));
  const mistakes = [...variables].flatMap((variable) => {
    const required = configured.filter((file) => file.variable === variable && file.optional !== true);
    const message = mistakeIn(
      environment[variable]?.trim(),
      model,
      required.map(({ path }) => path),
    );
    return message === undefined ? [] : [{ variable, message }];
  });
  if (mistakes.length > 0) return mistakes;
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, file]) => {
      const located = file.kind === 'configured' ? locate(file, environment[file.variable]?.trim() ?? '') : file;
      return located === undefined ? [] : [[name, located]];
    }),
  );
}

/** Undefined if the value is a folder with these files, or a URL, below which they are looked for later. */
function mistakeIn(value: string | undefined, model: string, paths: readonly string[]): string | undefined {
  const needs = `the model ${model} needs a folder or an http(s) URL with ${formatList(paths)}`;
  if (value === undefined || value === '') return needs;
  if (isHttpUrl(value)) return URL.canParse(value) ? undefined : `the URL is invalid; ${needs}`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return needs;
  if (!entryAt(value)?.isDirectory()) return `there is no such folder; ${needs}`;
  const missing = paths.filter((path) => !entryAt(join(value, path))?.isFile());
  return missing.length === 0 ? undefined : `the folder has no ${missing.join(' and no ')}; ${needs}`;
}

/** The query of a URL is kept: it may be what grants access. Undefined if a folder lacks an optional file. */
function locate({ path, optional }: ConfiguredFile, value: string): LocatedWeightsFile | undefined {
  if (!isHttpUrl(value)) {
    const missing = optional === true && !entryAt(join(value, path))?.isFile();
    return missing ? undefined : { kind: 'local', path: resolve(value, path) };
  }
  const url = new URL(value);
  const below = path.split('/').map(encodeURIComponent).join('/');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${below}`;
  url.hash = '';
  return { kind: 'download', url: url.href, ...(optional === undefined ? {} : { optional }) };
}

/** Undefined if nothing is there, or nothing that this process may see. */
function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

const isHttpUrl = (value: string): boolean => /^https?:/i.test(value);

/** `a`, `a and b`, `a, b and c`. */
const formatList = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
