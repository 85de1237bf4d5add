import type { Report } from '../report.ts';
import type { Reading } from './reading.ts';
import { formatSize } from './size.ts';

/** The images at which the readers look for lines at different sizes. */
export function sizeReport(readers: readonly string[], images: readonly (readonly [string, Reading[]])[]): Report {
  const differing = images
    .map(([name, readings]) => [name, ...readings.map(({ detectionSize }) => formatSize(detectionSize))])
    .filter(([, ...sizes]) => new Set(sizes).size > 1);
  return {
    title: 'Size at which lines are looked for, where it differs',
    header: ['image', ...readers],
    rows: differing,
    notes: [`The others of ${images.length} images are looked at in the same size.`],
  };
}
