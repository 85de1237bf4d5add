import { z } from 'zod';
import { defineTask, type Output } from '../define/define-task.ts';
import { audio } from '../define/media.ts';

/** A stretch in which somebody speaks. Times are seconds from the beginning of the recording. */
export const SpeechSegment = z
  .object({
    start: z.number().min(0).describe('Seconds, to the millisecond.'),
    end: z.number().min(0).describe('Seconds, to the millisecond.'),
    confidence: z.number().min(0).max(1).describe('Mean probability of speech from start to end, padding left out.'),
  })
  .meta({ id: 'SpeechSegment' });

/** Where in a recording somebody speaks. */
export const VadResult = z
  .object({
    durationSeconds: z.number().min(0).describe('Length of the recording, to the millisecond.'),
    segments: z.array(SpeechSegment).describe('In order; none overlaps another.'),
  })
  .meta({ id: 'VadResult' });

/** What counts as speech, and what as a pause; everything has a default. */
export const VadParams = z.object({
  threshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Speech begins at this probability, 0 to 1, and ends 0.15 below it.'),
  minSpeechSeconds: z.number().min(0).max(60).default(0.25).describe('Speech of at most this length is left out.'),
  minSilenceSeconds: z.number().min(0).max(60).default(0.1).describe('A pause must last as long to end a segment.'),
  padSeconds: z.number().min(0).max(10).default(0.03).describe('Segments begin earlier and end later by this.'),
});

/** Find the speech in a recording: where each segment begins and ends. */
export const vad = defineTask({
  name: 'vad',
  summary: 'Find the speech in a recording.',
  accepts: audio(),
  params: VadParams,
  output: VadResult,
  item: SpeechSegment,
});

export type SpeechSegment = z.infer<typeof SpeechSegment>;
export type VadResult = Output<typeof vad>;
