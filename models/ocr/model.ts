import { type Failure, ocr } from '@portico/schemas';
import { defineModel, failureOfInput, type ModelOutput, weightPath } from '@portico/server/model';
import { loadDetector } from './detection/detector.ts';
import { openCvError } from './open-cv.ts';
import { readImage, warmUpInput } from './read-image.ts';
import { loadAlphabet, loadRecogniser } from './recognition/recogniser.ts';
import { loadTurnClassifier } from './recognition/turn-classifier.ts';

/** Reads printed text: PP-OCRv4 finds the lines, which way up they are, and reads them one at a time. */
export default defineModel(ocr, {
  async load(context) {
    const alphabet = await loadAlphabet(weightPath(context.weights, 'dictionary'));
    const detect = await loadDetector(context, weightPath(context.weights, 'detection'));
    const recognise = await loadRecogniser(context, weightPath(context.weights, 'recognition'), alphabet);
    const classify = await loadTurnClassifier(context, weightPath(context.weights, 'orientation'));
    return { detect, recognise, classify, maxImagePixels: context.maxImagePixels };
  },
  async run(inputs, { loaded, signal }) {
    const results: (ModelOutput<typeof ocr> | Failure)[] = [];
    for (const { file, params } of inputs) {
      results.push(await readImage(file.data, { ...loaded, params, signal }).catch(failureOf));
    }
    return results;
  },
  warmUp: warmUpInput,
});

const failureOf = (error: unknown): Failure => failureOfInput(openCvError(error));
