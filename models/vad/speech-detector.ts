import { float32Data, type LoadContext, type SessionSignature, Tensor } from '@portico/server/model';

/** In hertz. */
export const sampleRate = 16_000;
/** Samples of a frame: 32 ms. */
export const frameLength = 512;
/** The last samples of the frame before, which the network sees again; without them it hears next to nothing. */
const contextLength = 64;
const stateShape = [2, 1, 128];

/** The probability of speech in each of a recording's frames, which must come in order. */
export type SpeechDetector = (frame: Float32Array) => Promise<number>;

const signature: SessionSignature = {
  inputs: {
    input: { type: 'float32', shape: [1, contextLength + frameLength] },
    state: { type: 'float32', shape: stateShape },
    sr: { type: 'int64', shape: [] },
  },
  outputs: {
    output: { type: 'float32', shape: [1, 1] },
    stateN: { type: 'float32', shape: stateShape },
  },
};

/** Loads the network; what is returned begins a recording. */
export async function loadSpeechDetector(
  context: Pick<LoadContext, 'createSession'>,
  path: string,
): Promise<() => SpeechDetector> {
  const session = await context.createSession(path, signature);
  const sr = new Tensor('int64', BigInt64Array.of(BigInt(sampleRate)), []);
  return () => {
    const seen = new Float32Array(contextLength + frameLength);
    const input = new Tensor('float32', seen, [1, seen.length]);
    let state = new Tensor('float32', new Float32Array(2 * 128), stateShape);
    return async (frame) => {
      seen.copyWithin(0, frameLength);
      seen.set(frame, contextLength);
      const outputs = await session.run({ input, state, sr });
      const { stateN } = outputs;
      if (stateN?.type !== 'float32') throw new TypeError('The network has told no state.');
      state = stateN;
      return float32Data(outputs, 'output')[0]!;
    };
  };
}
