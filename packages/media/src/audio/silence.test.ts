import { expect, it } from 'vitest';
import { monoAudio } from './mono-audio.ts';
import { silence } from './silence.ts';

it('a recording of silence is as long as it should be, and silent', async () => {
  let samples = 0;
  for await (const piece of monoAudio(silence(8_000, 0.5), 8_000)) {
    samples += piece.length;
    expect(piece.every((sample) => sample === 0)).toBe(true);
  }
  expect(samples).toBe(4_000);
});
