import type { ModelVariant } from '../model.ts';
import { installedPath } from '../weights/installed-path.ts';
import type { WeightsFile } from '../weights/weights-file.ts';

/** Paths of a variant's weights, which come with the install, by their names. */
export const installedWeights = ({ weights }: ModelVariant): Record<string, string> =>
  Object.fromEntries(Object.entries(weights).map(([name, file]) => [name, pathOf(file)]));

function pathOf(file: WeightsFile): string {
  if (file.kind === 'npm' || file.kind === 'local') return installedPath(file);
  throw new TypeError('These weights do not come with the install.');
}
