import type { ocr } from '@portico/schemas';
import type { LoadContext, LoadedModel } from '@portico/server/model';
import { createSession, installedWeights } from '@portico/server/testing';
import model from '../index.ts';
import { ocrSettings } from '../settings.ts';

/** Loads the model on the CPU from the installed weights, as an engine does. */
export const loadOcr = (context: Partial<LoadContext> = {}): Promise<LoadedModel<typeof ocr>> =>
  model.load({
    variant: 'ppocr-v4',
    weights: ocrWeights(),
    device: 'cpu',
    createSession,
    maxImagePixels: 50e6,
    ...context,
  });

/** Paths of the installed weights by their names. */
export const ocrWeights = (): Record<string, string> =>
  installedWeights(ocrSettings.variants['ppocr-v4']!, import.meta.url);
