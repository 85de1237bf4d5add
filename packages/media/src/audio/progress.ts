import { Failure } from '@portico/schemas';

/** Four hours: two take a model that listens to every frame most of a minute of one core. */
const defaultMaxSeconds = 14_400;

/** What bounds the decoding of a recording. */
export interface RecordingLimits {
  /**
   * Seconds that the recording may last. One whose head says more is refused before it is decoded, any other when it comes so far.
   *
   * @default 14_400
   */
  readonly maxSeconds?: number;
  /** Once it is aborted, decoding ends at the next block with `CANCELLED`. */
  readonly signal?: AbortSignal;
  /** Called once, when the first damaged piece is left out. */
  readonly onDamage?: () => void;
}

/** How far a recording has been decoded, and how far it may be. */
export class Progress {
  readonly #maxSeconds: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onDamage: (() => void) | undefined;
  #seconds = 0;
  #isDamaged = false;

  constructor({ maxSeconds = defaultMaxSeconds, signal, onDamage }: RecordingLimits) {
    this.#maxSeconds = maxSeconds;
    this.#signal = signal;
    this.#onDamage = onDamage;
  }

  /**
   * What the head of the recording says of its length.
   *
   * @throws {Failure} `TOO_LARGE` when that is too long.
   */
  announce(samples: number, sampleRate: number): void {
    if (samples / sampleRate > this.#maxSeconds) throw this.#tooLong(`lasts ${timeOf(samples / sampleRate)}`);
  }

  /**
   * Counts what has been decoded, whether or not it is left out afterwards.
   *
   * @throws {Failure} `TOO_LARGE` when it has become too long.
   */
  count(samples: number, sampleRate: number): void {
    this.#seconds += samples / sampleRate;
    if (this.#seconds > this.#maxSeconds) throw this.#tooLong('is too long');
  }

  /** A piece of the recording is left out, because it is damaged. */
  damaged(): void {
    if (!this.#isDamaged) this.#onDamage?.();
    this.#isDamaged = true;
  }

  /**
   * Lets the event loop turn, so that a client who leaves is noticed.
   *
   * @throws {Failure} `CANCELLED`
   */
  async turn(): Promise<void> {
    await new Promise((turn) => setImmediate(turn));
    if (this.#signal?.aborted === true) throw new Failure('CANCELLED', 'No client waits for the recording any more.');
  }

  #tooLong(fact: string): Failure {
    return new Failure(
      'TOO_LARGE',
      `The recording ${fact}; the limit is ${timeOf(this.#maxSeconds)}. Cut it into shorter ones.`,
    );
  }
}

/** To the tenth of the largest unit of which there are two. */
function timeOf(seconds: number): string {
  const [unit, name] = seconds >= 7_200 ? [3_600, 'hours'] : seconds >= 120 ? [60, 'minutes'] : [1, 'seconds'];
  return `${Number((seconds / unit).toFixed(1))} ${name}`;
}
