import { type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';

/** In hertz. */
export const sampleRate = 16_000;
/** Samples of a frame: 32 ms. */
export const frameLength = 512;
/** The last samples of the frame before, which the network sees again; without them it finds next to nothing. */
const contextLength = 64;
const stateShape = [2, 1, 128] as const;
/** Of values from −1 to 1. */
const settledWithin = 1e-6;

/** The probability of speech in each of a recording's frames, which must come in order. */
export type SpeechDetector = (frame: Float32Array) => Promise<number>;

const signature = {
  inputs: {
    input: { type: 'float32', shape: [1, contextLength + frameLength] },
    state: { type: 'float32', shape: stateShape },
    sr: { type: 'int64', shape: [] },
  },
  outputs: {
    output: { type: 'float32', shape: [1, 1] },
    stateN: { type: 'float32', shape: stateShape },
  },
} as const satisfies SessionSignature;

/** Loads the network; each call of the function returned begins a recording. */
export async function loadSpeechDetector(
  context: Pick<LoadContext, 'createSession'>,
  path: string,
): Promise<() => SpeechDetector> {
  const session = await context.createSession(path, signature);
  const sr = new Tensor('int64', BigInt64Array.of(BigInt(sampleRate)), []);
  return () => {
    const seen = new Float32Array(contextLength + frameLength);
    const input = new Tensor('float32', seen, [1, seen.length]);
    let state: Float32Array = new Float32Array(2 * 128);
    /** What the network says of silence that changes nothing in it any more, as long as it lasts. */
    let ofSilence: number | undefined;
    return async (frame) => {
      if (ofSilence !== undefined && isSilent(frame)) return ofSilence;
      seen.copyWithin(0, frameLength);
      seen.set(frame, contextLength);
      const outputs = await session.run({ input, state: new Tensor('float32', state, stateShape), sr });
      const probability = outputs.output.data[0]!;
      ofSilence = isSilent(seen) && isSame(outputs.stateN.data, state) ? probability : undefined;
      state = outputs.stateN.data;
      return probability;
    };
  };
}

const isSilent = (samples: Float32Array): boolean => samples.every((sample) => sample === 0);

/** Whether the state has settled: rounding alone makes it swing by less. */
const isSame = (one: Float32Array, other: Float32Array): boolean =>
  one.every((value, at) => Math.abs(value - other[at]!) < settledWithin);
