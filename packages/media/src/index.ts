export type { AudioBlock } from './audio/audio-block.ts';
export { decodeAudio } from './audio/decode-audio.ts';
export { mixDown, monoAudio } from './audio/mono-audio.ts';
export { Resampler } from './audio/resampler.ts';
export {
  type DecodedImage,
  decodeImage,
  type DecodeOptions,
  decodeOriginal,
  type OriginalImage,
} from './image/decode-image.ts';
export { boxOnOriginal, type Letterbox, letterbox, type LetterboxTarget, pointOnOriginal } from './image/letterbox.ts';
export { blendOverlaps, type Detection, intersectionOverUnion, suppressOverlaps } from './image/overlaps.ts';
export {
  channelPlanes,
  imageNet,
  interleavedValues,
  minusOneToOne,
  type Normalisation,
  zeroToOne,
} from './image/pixel-values.ts';
export {
  cropImage,
  type Region,
  resizeImage,
  type ResizeKernel,
  resizeRegion,
  type ResizeTarget,
  type RgbImage,
  type Size,
} from './image/rgb-image.ts';
export { sharp, type Sharp } from './image/sharp.ts';
