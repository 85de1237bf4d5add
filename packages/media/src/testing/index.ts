export { channelOf, collect, heard } from '../audio/testing/collect.ts';
export { sine } from '../audio/testing/sine.ts';
export { speechFile, speechLength } from '../audio/testing/speech-files.ts';
export { pcm16, wavFile, type WavOptions } from '../audio/testing/wav-file.ts';
