import { lowPass, type LowPass } from './low-pass.ts';

/** Rates that would need more are met to a 4096th of an input sample: an error 60 dB down. */
const maxPhases = 2_048;

/**
 * Changes the sample rate of one channel, band-limited, piece by piece; how it is cut into pieces changes nothing.
 * Output sample n lies at the time of input sample n · from / to.
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

  /** Both in hertz. */
  constructor(from: number, to: number) {
    const common = greatestCommonDivisor(from, to);
    this.#from = from / common;
    this.#to = to / common;
    this.#filter = lowPass(to / from, Math.min(this.#to, maxPhases));
    // Before the first sample there was silence.
    this.#first = -this.#filter.taps;
    this.#held = new Float32Array(this.#filter.taps);
  }

  /** What can be told by now. */
  push(samples: Float32Array): Float32Array {
    this.#arrived += samples.length;
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    this.#held = held;
    // One sample more, because a phase may be rounded up to the next.
    return this.#make(this.#outputsBefore(this.#arrived - this.#filter.taps / 2 - 1));
  }

  /** The rest: the whole output is as long as the input. */
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
