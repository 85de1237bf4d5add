export type { AudioBlock } from './audio-block.ts';
export { type AudioWindow, audioWindows, type WindowSize } from './audio-windows.ts';
export { decodeAudio } from './decode-audio.ts';
export type { RecordingLimits } from './progress.ts';
export { mixDown, monoAudio } from './mono-audio.ts';
export { Resampler } from './resampler.ts';
export { silence } from './silence.ts';
