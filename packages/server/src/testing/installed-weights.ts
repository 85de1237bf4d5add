import type { ModelVariant } from '../model/model.ts';
import { installedPath } from '../weights/resolve-weights.ts';
import type { WeightsFile } from '../weights/weights-file.ts';

/** Paths of a variant's weights, which come with the install, by their names, as the module at the URL `from` finds them. */
export const installedWeights = ({ weights }: ModelVariant, from: string): Record<string, string> =>
  Object.fromEntries(Object.entries(weights).map(([name, file]) => [name, pathOf(file, from)]));

function pathOf(file: WeightsFile, from: string): string {
  if (file.kind === 'npm' || file.kind === 'local') return installedPath(file, from);
  throw new TypeError('These weights do not come with the install.');
}
