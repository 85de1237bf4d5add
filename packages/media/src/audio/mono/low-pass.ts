/** Zero crossings of the sinc on either side; more make the edge of the band steeper. */
const crossings = 16;
/** Where half the amplitude passes, by the narrower band's width; three quarters pass in full, and what lies beyond is 70 dB down. */
const edge = 0.88;
/** Of the Kaiser window: side lobes of −70 dB. */
const beta = 6.8;

/** A low pass cut into phases: the weights of input samples around an output sample between two of them. */
export interface LowPass {
  /** Input samples that one output sample is made of, a multiple of four. */
  readonly taps: number;
  readonly phases: readonly Float32Array[];
}

/** More take longer than a client who leaves should have to wait; with many taps the signal is so oversampled that few phases will do. */
const mostWeights = 262_144;

/** `ratio` is the output's sample rate by the input's; there may be fewer phases than asked for. */
export function lowPass(ratio: number, phases: number): LowPass {
  const band = Math.min(1, ratio) * edge;
  const reach = 2 * Math.ceil(crossings / band / 2);
  const taps = 2 * reach;
  const phaseCount = Math.min(phases, Math.floor(mostWeights / taps));
  const weightsOf = Array.from({ length: phaseCount }, (_, phase) => {
    const weights = Float32Array.from({ length: taps }, (_, tap) => {
      const distance = tap - reach + 1 - phase / phaseCount;
      return sinc(band * distance) * kaiser(distance / reach);
    });
    // Every phase passes a constant unchanged.
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight) => weight / sum);
  });
  return { taps, phases: weightsOf };
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const kaiser = (x: number): number => (Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta));

/** The modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
