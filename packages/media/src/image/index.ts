export {
  type DecodedImage,
  decodeImage,
  type DecodeOptions,
  decodeOriginal,
  type OriginalImage,
} from './decode-image.ts';
export { boxOnOriginal, type Letterbox, letterbox, type LetterboxTarget, pointOnOriginal } from './letterbox.ts';
export { blendOverlaps, type Detection, intersectionOverUnion, suppressOverlaps } from './overlaps.ts';
export {
  channelPlanes,
  imageNet,
  interleavedValues,
  minusOneToOne,
  type Normalisation,
  zeroToOne,
} from './pixel-values.ts';
export {
  cropImage,
  type Region,
  resizeImage,
  type ResizeKernel,
  resizeRegion,
  type ResizeTarget,
  type RgbImage,
  type Size,
} from './rgb-image.ts';
export { sharp, type Sharp } from './sharp.ts';
