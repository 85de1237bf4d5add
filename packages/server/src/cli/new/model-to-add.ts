import { join } from 'node:path';
import type { OnnxFile } from '../../onnx/read-onnx.ts';
import type { WeightsCopy } from './place-weights.ts';
import type { GeneratedModel, Names } from './preset.ts';
import { pathBelow, type Target } from './target.ts';

/** A model that a preset has written, and where it goes. */
export interface ModelToAdd {
  readonly generated: GeneratedModel;
  readonly names: Names;
  readonly file: OnnxFile;
  readonly weights: readonly WeightsCopy[];
  readonly target: Target;
  /** The name of the ONNX file, as it was given. */
  readonly onnxName: string;
  readonly preset: string;
}

/** As seen from the package. */
export const samplePath = ({ generated: { sample }, target }: Pick<ModelToAdd, 'generated' | 'target'>): string =>
  pathBelow(target.packageFolder, join(target.modelFolder, 'file' in sample ? sample.file : 'sample.json'));
