import { embedModel } from './embed/index.ts';
import { facesModel } from './faces/index.ts';
import { ocrModel } from './ocr/index.ts';
import { segmentModel } from './segment/index.ts';
import { vadModel } from './vad/index.ts';

/** Every model of the bundled service, in the order in which they share the machine; one line registers one. */
export const models = [ocrModel, facesModel, segmentModel, vadModel, embedModel] as const;
