import type { FoundWeightsFile, WeightsFile } from './weights-file.ts';

/**
 * Weights whose places the settings name, for a program that asks no environment.
 * @throws {TypeError} when a file is where the environment says.
 */
export const foundWeights = (weights: Readonly<Record<string, WeightsFile>>): Record<string, FoundWeightsFile> =>
  Object.fromEntries(
    Object.entries(weights).map(([name, file]) => {
      if (file.kind === 'configured') throw new TypeError(`Only ${file.variable} says where the weights ${name} are.`);
      return [name, file];
    }),
  );
