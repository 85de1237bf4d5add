import { ocr } from '@portico/schemas';
import { ocrModel } from '@portico/models/ocr/index';
import { foundWeights } from '@portico/server/internal/weights/found-weights';
import { pagePath, denseInput } from '../requests.ts';
import { tinyShape } from '../models/tasks.ts';
import type { DirectSetup } from './messages.ts';

/** Reads the sample page, as the server is asked to. */
export const directOcr = (cacheDirectory: string): DirectSetup => ({
  module: ocrModel.module,
  variant: 'ppocr-v4',
  weights: foundWeights(ocrModel.settings.variants['ppocr-v4']?.weights ?? {}),
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
