import { type Failure, isFailure, type OcrResult, ocr } from '@portico/schemas';
import { defineModel, type LoadContext } from '../model.ts';
import { loadDetector } from './detection/detector.ts';
import { loadTurnClassifier } from './orientation/turn-classifier.ts';
import { openCvError } from './open-cv.ts';
import { readImage } from './read-image.ts';
import { loadAlphabet } from './recognition/alphabet.ts';
import { loadRecogniser } from './recognition/recogniser.ts';
import { ocrSettings } from './settings.ts';
import { warmUpInput } from './warm-up-input.ts';

/** Reads printed text: PP-OCRv4 finds the lines, which way up they are, and reads them one at a time. */
export default defineModel(ocr, ocrSettings, {
  async load(context) {
    const alphabet = await loadAlphabet(weightPath(context.weights, 'dictionary'));
    const detect = await loadDetector(context, weightPath(context.weights, 'detection'));
    const recognise = await loadRecogniser(context, weightPath(context.weights, 'recognition'), alphabet);
    const classify = await loadTurnClassifier(context, weightPath(context.weights, 'orientation'));
    const tools = { detect, recognise, classify, maxImagePixels: context.maxImagePixels };
    return {
      async run(inputs, { signal }) {
        const results: (OcrResult | Failure)[] = [];
        for (const { file, params } of inputs) {
          results.push(await readImage(file.data, { ...tools, params, signal }).catch(failureOf));
        }
        return results;
      },
    };
  },
  warmUp: warmUpInput,
});

/** A failure of one input is its result; cancelling ends the whole batch, and anything else is a defect. */
function failureOf(error: unknown): Failure {
  if (isFailure(error) && error.code !== 'CANCELLED') return error;
  throw openCvError(error);
}

function weightPath(weights: LoadContext['weights'], name: string): string {
  const path = weights[name];
  if (path === undefined) throw new TypeError(`The variant has no weights called "${name}".`);
  return path;
}
