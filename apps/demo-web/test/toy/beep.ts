import { defineModel, toDataUrl } from '@portico/server/model';
import { beep } from './contract.ts';

const rate = 16_000;
const shrillHertz = 7_000;
/** The head of a WAV file with one channel of 16 bits. */
const headBytes = 44;

export default defineModel(beep, {
  async load() {},
  async run(inputs) {
    return inputs.map(({ input: { hertz }, params: { seconds } }) => {
      const samples = Int16Array.from({ length: Math.round(seconds * rate) }, (_, index) =>
        Math.round(10_000 * Math.sin((2 * Math.PI * hertz * index) / rate)),
      );
      const sound = toDataUrl(wavOf(samples), 'audio/wav');
      return hertz > shrillHertz ? { seconds, sound, warnings: [{ code: 'shrill' as const }] } : { seconds, sound };
    });
  },
  warmUp: () => ({ input: { hertz: 440 }, params: { seconds: 0.1 } }),
});

function wavOf(samples: Int16Array): Uint8Array {
  const wav = Buffer.alloc(headBytes + samples.byteLength);
  wav.write('RIFF');
  wav.writeUInt32LE(headBytes - 8 + samples.byteLength, 4);
  wav.write('WAVEfmt ', 8);
  for (const [value, at] of [
    [16, 16],
    [rate, 24],
    [2 * rate, 28],
    [samples.byteLength, 40],
  ] as const)
    wav.writeUInt32LE(value, at);
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const)
    wav.writeUInt16LE(value, at);
  wav.write('data', 36);
  wav.set(new Uint8Array(samples.buffer), headBytes);
  return wav;
}
