export { channelOf, collect, decodedMono, sine, speechFile, speechLength } from './audio.ts';
export { pcm16, wavFile, type WavOptions } from './wav-file.ts';
