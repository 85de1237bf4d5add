export { channelOf, collect, decodedMono, sine, speechFile, speechLength } from './audio.ts';
export { type HostileFile, hostilePicture, hostilePictureNames } from './hostile-pictures.ts';
export { hostileRecording, hostileRecordingNames } from './hostile-recordings.ts';
export { pcm16, wavFile, type WavOptions } from './wav-file.ts';
