import type { Preset } from './preset.ts';
import { raw } from './presets/raw.ts';

/** Every preset, in the order of the help. One line adds one. */
export const presets: readonly Preset[] = [raw];
