import type { TaskOutput } from '@portico/sdk';

export type Face = TaskOutput<'faces'>['faces'][number];

/** Left and right are the person's own. */
const names: Readonly<Record<keyof Face['landmarks'], string>> = {
  leftEye: 'Left eye',
  rightEye: 'Right eye',
  nose: 'Nose',
  mouth: 'Mouth',
  leftEar: 'Left ear',
  rightEar: 'Right ear',
};

export interface Landmark {
  readonly key: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** The landmarks of a face by name; those that the page does not know by their key. */
export const landmarksOf = ({ landmarks }: Face): Landmark[] =>
  Object.entries(landmarks).map(([key, { x, y }]) => ({
    key,
    name: (names as Readonly<Record<string, string>>)[key] ?? key,
    x,
    y,
  }));
