import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ocr } from '@portico/schemas';
import type { LoadContext, LoadedModel } from '../../model.ts';
import model from '../index.ts';
import { ocrSettings } from '../settings.ts';
import { createSession } from './create-session.ts';

/** Loads the model on the CPU from the installed weights, as an engine does. */
export const loadOcr = (context: Partial<LoadContext> = {}): Promise<LoadedModel<typeof ocr>> =>
  model.load({
    variant: 'ppocr-v4',
    weights: installedWeights(),
    device: 'cpu',
    createSession,
    maxImagePixels: 50e6,
    ...context,
  });

/** Paths of the installed weights by their names. */
export function installedWeights(): Record<string, string> {
  const files = Object.values(ocrSettings.variants)[0]?.weights ?? {};
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, join(packageFolder(file.package), file.path)]),
  );
}

function packageFolder(name: string): string {
  const candidates = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const folder = candidates.map((candidate) => join(candidate, name)).find((candidate) => existsSync(candidate));
  if (folder === undefined) throw new Error(`${name} is not installed.`);
  return folder;
}
