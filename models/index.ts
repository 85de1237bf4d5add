import { embed, faces, ocr, segment, vad } from '@portico/schemas';
import { embedSettings } from './embed/settings.ts';
import { facesSettings } from './faces/settings.ts';
import { ocrSettings } from './ocr/settings.ts';
import { type ModelRegistry, register } from '@portico/server';
import { segmentSettings } from './segment/settings.ts';
import { vadSettings } from './vad/settings.ts';

/** Every model of this server: one line registers an implementation. */
export const models: ModelRegistry = {
  ocr: register(ocr, ocrSettings, './ocr/index', import.meta.url),
  faces: register(faces, facesSettings, './faces/index', import.meta.url),
  segment: register(segment, segmentSettings, './segment/index', import.meta.url),
  vad: register(vad, vadSettings, './vad/index', import.meta.url),
  embed: register(embed, embedSettings, './embed/index', import.meta.url),
};
