import type { Preset } from './preset.ts';
import { audioClassifier } from './presets/audio-classifier.ts';
import { detector } from './presets/detector.ts';
import { embedding } from './presets/embedding.ts';
import { imageClassifier } from './presets/image-classifier.ts';
import { raw } from './presets/raw.ts';
import { tabular } from './presets/tabular.ts';

/** Every preset, in the order of the help. One line adds one. */
export const presets: readonly Preset[] = [imageClassifier, detector, embedding, tabular, audioClassifier, raw];
