import { type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ConfiguredFile, LocatedWeightsFile, WeightsFile } from '../weights/weights-file.ts';

type Weights = Readonly<Record<string, WeightsFile>>;

/** What is wrong with an environment variable, in words that follow its name. */
export interface WeightsMistake {
  readonly variable: string;
  readonly message: string;
}

/** The weights of a model with the places that the environment names; or what is wrong with it, a mistake a variable. */
export function configuredWeights(
  model: string,
  weights: Weights,
  environment: NodeJS.ProcessEnv,
): Record<string, LocatedWeightsFile> | WeightsMistake[] {
  const configured = Object.values(weights).filter((file) => file.kind === 'configured');
  const variables = new Set(configured.map(({ variable }) => variable));
  const mistakes = [...variables].flatMap((variable) => {
    const needed = configured.filter((file) => file.variable === variable && file.optional !== true);
    const paths = needed.map(({ path }) => path);
    const need = `the model ${model} needs a folder or an http(s) URL with ${inWords(paths)}`;
    const message = mistakeOf(environment[variable]?.trim(), paths, need);
    return message === undefined ? [] : [{ variable, message }];
  });
  if (mistakes.length > 0) return mistakes;
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, file]) => {
      const place = file.kind === 'configured' ? placeOf(file, environment[file.variable]?.trim() ?? '') : file;
      return place === undefined ? [] : [[name, place]];
    }),
  );
}

/** Undefined where the value will do. */
function mistakeOf(value: string | undefined, paths: readonly string[], need: string): string | undefined {
  if (value === undefined || value === '') return need;
  if (isUrl(value)) return URL.canParse(value) ? undefined : `it is no URL; ${need}`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return need;
  if (!entryAt(value)?.isDirectory()) return `there is no such folder; ${need}`;
  const missing = paths.filter((path) => !entryAt(join(value, path))?.isFile());
  return missing.length === 0 ? undefined : `the folder has no ${missing.join(' and no ')}; ${need}`;
}

function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Not there, or nothing that this process may see.
    return undefined;
  }
}

const isUrl = (value: string): boolean => /^https?:/i.test(value);

/** A URL keeps its query, which may be what opens it. Undefined where a folder lacks an optional file. */
function placeOf({ path, optional }: ConfiguredFile, value: string): LocatedWeightsFile | undefined {
  if (!isUrl(value)) {
    const missing = optional === true && !entryAt(join(value, path))?.isFile();
    return missing ? undefined : { kind: 'local', path: resolve(value, path) };
  }
  const url = new URL(value);
  const below = path.split('/').map(encodeURIComponent).join('/');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${below}`;
  url.hash = '';
  return { kind: 'download', url: url.href, ...(optional === undefined ? {} : { optional }) };
}

/** `a`, `a and b`, `a, b and c`. */
const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
