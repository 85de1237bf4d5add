export {
  type DecodedImage,
  decodeImage,
  type DecodeOptions,
  decodeOriginal,
  type OriginalImage,
} from './decode-image.ts';
export {
  type BoxFormat,
  type DetectorOutput,
  type EndToEndOptions,
  readBoxes,
  readEndToEnd,
  readScoredBoxes,
  readYolo,
  type ScoredBoxes,
  type ScoredBoxesOptions,
  type SeparateOutputs,
  type YoloOptions,
} from './detections.ts';
export { hasMorePages } from './first-picture.ts';
export { boxOnOriginal, type Letterbox, letterbox, type LetterboxTarget, pointOnOriginal } from './letterbox.ts';
export {
  blendOverlaps,
  type ClassifiedBox,
  type Detection,
  intersectionOverUnion,
  suppressByClass,
  type SuppressionLimits,
  suppressOverlaps,
} from './overlaps.ts';
export {
  byteValues,
  channelPlanes,
  greyPlane,
  imageNet,
  interleavedValues,
  minusOneToOne,
  type Normalisation,
  zeroToOne,
} from './pixel-values.ts';
export {
  coverImage,
  type CoverTarget,
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
