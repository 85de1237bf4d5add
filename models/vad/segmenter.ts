import type { SpeechSegment, VadParams } from '@portico/schemas';
import type { z } from 'zod';
import { frameLength, sampleRate } from './detector.ts';

/** Speech ends this far below the probability at which it begins. */
const hysteresis = 0.15;
const minEndThreshold = 0.01;

/** A stretch of speech, in samples. */
interface Stretch {
  start: number;
  end: number;
  /** Mean probability of its frames. */
  readonly mean: number;
}

/** Speech that has not ended: its beginning, and where it might already have ended. */
interface Open {
  readonly start: number;
  sum: number;
  frames: number;
  /** The pause since: where it began, and the probabilities up to there. */
  pause: { at: number; sum: number; frames: number } | undefined;
}

/**
 * Makes segments of the probabilities of frames, as Silero's `get_speech_timestamps` does, and emits each as soon as nothing
 * to come can change it. https://github.com/snakers4/silero-vad
 */
export class Segmenter {
  readonly #threshold: number;
  readonly #endThreshold: number;
  readonly #minSpeech: number;
  readonly #minSilence: number;
  readonly #pad: number;
  readonly #onSegment: (segment: SpeechSegment) => void;
  #at = 0;
  #open: Open | undefined;
  /** Closed, but its end may still be padded into the pause behind it. */
  #closed: Stretch | undefined;

  constructor(params: z.output<typeof VadParams>, onSegment: (segment: SpeechSegment) => void) {
    this.#threshold = params.threshold;
    this.#endThreshold = Math.max(params.threshold - hysteresis, minEndThreshold);
    this.#minSpeech = params.minSpeechSeconds * sampleRate;
    this.#minSilence = params.minSilenceSeconds * sampleRate;
    this.#pad = Math.round(params.padSeconds * sampleRate);
    this.#onSegment = onSegment;
  }

  /** The probability of the next frame. */
  push(probability: number): void {
    this.#emitIfApart(this.#open?.start ?? this.#at);
    if (this.#open === undefined) {
      if (probability >= this.#threshold) {
        this.#open = { start: this.#at, sum: probability, frames: 1, pause: undefined };
      }
    } else {
      this.#continue(this.#open, probability);
    }
    this.#at += frameLength;
  }

  /** `samples` is the length of the recording. */
  end(samples: number): void {
    if (this.#open !== undefined) {
      const { start, sum, frames } = this.#open;
      this.#close(start, samples, sum / frames);
    }
    if (this.#closed === undefined) return;
    this.#closed.end = Math.min(samples, this.#closed.end + this.#pad);
    this.#emitClosed();
  }

  #continue(open: Open, probability: number): void {
    if (probability >= this.#threshold) open.pause = undefined;
    if (probability < this.#endThreshold) {
      open.pause ??= { at: this.#at, sum: open.sum, frames: open.frames };
      if (this.#at - open.pause.at >= this.#minSilence) {
        this.#open = undefined;
        this.#close(open.start, open.pause.at, open.pause.sum / open.pause.frames);
        return;
      }
    }
    open.sum += probability;
    open.frames += 1;
  }

  /** Speech that was long enough takes its part of the pause before it. */
  #close(start: number, end: number, mean: number): void {
    if (end - start <= this.#minSpeech) return;
    const before = this.#closed;
    let padded = Math.max(0, start - this.#pad);
    if (before !== undefined) {
      const pause = start - before.end;
      if (pause < 2 * this.#pad) padded = start - Math.floor(pause / 2);
      before.end += Math.min(this.#pad, Math.floor(pause / 2));
      this.#emitClosed();
    }
    this.#closed = { start: padded, end, mean };
  }

  /** What follows begins at `next` or later; far enough, and it cannot shorten the padding. */
  #emitIfApart(next: number): void {
    if (this.#closed === undefined || next - this.#closed.end < 2 * this.#pad) return;
    this.#closed.end += this.#pad;
    this.#emitClosed();
  }

  #emitClosed(): void {
    const { start, end, mean } = this.#closed!;
    this.#closed = undefined;
    this.#onSegment({ start: seconds(start), end: seconds(end), confidence: Math.round(mean * 1_000) / 1_000 });
  }
}

/** To the millisecond. */
export const seconds = (samples: number): number => Math.round((samples * 1_000) / sampleRate) / 1_000;
