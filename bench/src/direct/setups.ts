import { ocr } from '@portico/schemas';
import { ocrSettings } from '@portico/models/ocr/settings';
import { locatedWeights } from '@portico/server/internal/weights/resolve-weights';
import { pagePath, denseInput } from '../requests.ts';
import { tinyShape } from '../models/tasks.ts';
import type { DirectSetup } from './messages.ts';

/** Reads the sample page, as the server is asked to. */
export const directOcr = (cacheDirectory: string): DirectSetup => ({
  module: import.meta.resolve('@portico/models/ocr/index'),
  variant: 'ppocr-v4',
  weights: locatedWeights(ocrSettings.variants['ppocr-v4']?.weights ?? {}),
  input: { file: pagePath, mediaType: 'image/jpeg' },
  params: ocr.params.parse({}),
  cacheDirectory,
});

/** Runs the tiny model on the row that the server is asked about. */
export const directTiny = (cacheDirectory: string): DirectSetup => ({
  module: new URL('../models/tiny.js', import.meta.url).href,
  variant: 'generated',
  weights: {},
  input: { value: denseInput(tinyShape.width) },
  params: {},
  cacheDirectory,
});
