import type { ocr } from '@portico/schemas';
import type { LoadContext } from '@portico/server/model';
import { installedWeights, type LoadedModel, loadModel } from '@portico/server/testing';
import { ocrModel } from '../index.ts';
import model from '../model.ts';

/** Loads the model on the CPU from the installed weights, as an engine does. */
export const loadOcr = (context: Partial<LoadContext> = {}): Promise<LoadedModel<typeof ocr>> =>
  loadModel({ model, registered: ocrModel, context });

/** Paths of the installed weights by their names. */
export const ocrWeights = (): Record<string, string> => installedWeights(ocrModel, 'ppocr-v4');
