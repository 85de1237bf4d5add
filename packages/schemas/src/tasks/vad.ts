import { z } from 'zod';
import { defineTask, type Output } from '../define-task.ts';
import { audio } from '../media.ts';

/** A segment of speech. Times are in seconds from the start of the recording. */
export const SpeechSegment = z
  .object({
    start: z.number().min(0).describe('Seconds, to the millisecond.'),
    end: z.number().min(0).describe('Seconds, to the millisecond.'),
    confidence: z.number().min(0).max(1).describe('Mean probability of speech from start to end, without the padding.'),
  })
  .meta({ id: 'SpeechSegment', examples: [{ start: 0.42, end: 2.91, confidence: 0.93 }] });

const result = z
  .object({
    durationSeconds: z.number().min(0).describe('Length of the recording in seconds, to the millisecond.'),
    segments: z.array(SpeechSegment).describe('In order, without overlap.'),
  })
  .meta({
    id: 'VadResult',
    examples: [{ durationSeconds: 4.5, segments: [{ start: 0.42, end: 2.91, confidence: 0.93 }] }],
  });

/** What counts as speech and what as a pause; every parameter has a default. */
export const VadParams = z.object({
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Speech starts at this probability, 0 to 1, and ends 0.15 below it.'),
  minSpeechSeconds: z.number().min(0).max(60).default(0.25).describe('Speech of this length or shorter is left out.'),
  minSilenceSeconds: z.number().min(0).max(60).default(0.1).describe('A pause of this length ends a segment.'),
  padSeconds: z.number().min(0).max(10).default(0.03).describe('Extends each segment by this much at both ends.'),
});

/** Find the speech in a recording: the start and end of each segment. */
export const vad = defineTask({
  name: 'vad',
  summary: 'Find the speech in a recording.',
  accepts: audio(),
  params: VadParams,
  output: result,
  item: SpeechSegment,
  warnings: {
    damaged: 'The recording is damaged or cut off: pieces of it were left out, and what follows them comes earlier.',
  },
});

/** The speech in a recording. */
export const VadResult = vad.output;

export type SpeechSegment = z.infer<typeof SpeechSegment>;
export type VadResult = Output<typeof vad>;
