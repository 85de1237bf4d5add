/** Rates that would need more are met to a 4096th of an input sample: an error 60 dB down. */
const maxPhases = 2_048;
/** Zero crossings of the sinc on either side; more make the edge of the band steeper. */
const crossings = 16;
/** Where half the amplitude passes, by the narrower band's width; three quarters pass in full, and what lies beyond is 70 dB down. */
const edge = 0.88;
/** Of the Kaiser window: side lobes of −70 dB. */
const beta = 6.8;
/**
 * Making more would take longer than a client who leaves should be kept; with many taps the signal is so oversampled that few phases
 * will do.
 */
const maxWeights = 262_144;

/**
 * Changes the sample rate of one channel, band-limited, piece by piece; how it is cut into pieces changes nothing.
 * Output sample n lies at the time of input sample n · from / to. The low pass is a sinc under a Kaiser window: three quarters of the
 * narrower band pass in full, and what would alias is 70 dB down.
 *
 * @example
 * const resampler = new Resampler(44_100, 16_000);
 * for await (const { channels } of decodeAudio(file)) use(resampler.push(mixDown(channels)));
 * use(resampler.end());
 */
export class Resampler {
  readonly #from: number;
  readonly #to: number;
  readonly #filter: LowPass;
  /** Input samples from `#first` on. */
  #held: Float32Array;
  #first: number;
  #arrived = 0;
  #made = 0;

  /**
   * @param from sample rate of the input, in whole hertz
   * @param to sample rate of the output, in whole hertz
   * @throws {RangeError} when either is not a positive whole number.
   */
  constructor(from: number, to: number) {
    for (const rate of [from, to])
      if (!Number.isInteger(rate) || rate < 1)
        throw new RangeError(`A sample rate of ${rate} Hz is not a positive whole number.`);
    const common = greatestCommonDivisor(from, to);
    this.#from = from / common;
    this.#to = to / common;
    this.#filter = lowPass(to / from, Math.min(this.#to, maxPhases));
    // Before the first sample there was silence.
    this.#first = -this.#filter.taps;
    this.#held = new Float32Array(this.#filter.taps);
  }

  /** Takes the next samples, and returns the output that no later sample changes. */
  push(samples: Float32Array): Float32Array {
    this.#arrived += samples.length;
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    this.#held = held;
    // One sample more, because a phase may be rounded up to the next.
    return this.#make(this.#outputsBefore(this.#arrived - this.#filter.taps / 2 - 1));
  }

  /** The rest: with it the output lasts as long as the input. Nothing may be pushed afterwards. */
  end(): Float32Array {
    const tail = this.#filter.taps;
    const { length } = this.#held;
    const held = new Float32Array(length + tail);
    held.set(this.#held);
    this.#held = held;
    return this.#make(this.#outputsBefore(this.#arrived));
  }

  /** Outputs that lie before an input sample. */
  readonly #outputsBefore = (input: number): number => Math.max(0, Math.ceil((input * this.#to) / this.#from));

  #make(until: number): Float32Array {
    const { taps, phases } = this.#filter;
    const held = this.#held;
    const made = new Float32Array(Math.max(0, until - this.#made));
    for (let index = 0; index < made.length; index += 1) {
      const place = (this.#made + index) * this.#from;
      let before = Math.floor(place / this.#to);
      let phase = Math.round(((place - before * this.#to) * phases.length) / this.#to);
      if (phase === phases.length) {
        phase = 0;
        before += 1;
      }
      const weights = phases[phase]!;
      made[index] = dotProduct(weights, held, before - taps / 2 + 1 - this.#first);
    }
    this.#made += made.length;
    this.#forget();
    return made;
  }

  /** Drops what no output to come is made of. */
  #forget(): void {
    const needed = Math.floor((this.#made * this.#from) / this.#to) - this.#filter.taps / 2;
    const dropped = Math.min(Math.max(0, needed - this.#first), this.#held.length);
    this.#held = this.#held.slice(dropped);
    this.#first += dropped;
  }
}

/** Four sums at a time: processors add faster than they can wait for the sum before. The length is a multiple of four. */
function dotProduct(weights: Float32Array, samples: Float32Array, start: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let tap = 0; tap < weights.length; tap += 4) {
    const at = start + tap;
    a += weights[tap]! * samples[at]!;
    b += weights[tap + 1]! * samples[at + 1]!;
    c += weights[tap + 2]! * samples[at + 2]!;
    d += weights[tap + 3]! * samples[at + 3]!;
  }
  return a + b + (c + d);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A low pass cut into phases: the weights of input samples around an output sample between two of them. */
interface LowPass {
  /** Input samples that one output sample is made of, a multiple of four. */
  readonly taps: number;
  readonly phases: readonly Float32Array[];
}

/** `ratio` is the output's sample rate by the input's; there may be fewer phases than asked for. */
function lowPass(ratio: number, phases: number): LowPass {
  const band = Math.min(1, ratio) * edge;
  const reach = 2 * Math.ceil(crossings / band / 2);
  const taps = 2 * reach;
  const phaseCount = Math.min(phases, Math.floor(maxWeights / taps));
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
