import { isFailure } from '@portico/schemas';
import { expect, test, vi } from 'vitest';
import { decodedMono, speechFile } from '../testing/audio.ts';
import { hostileRecording, hostileRecordingNames } from '../testing/hostile-recordings.ts';
import { wavFile } from '../testing/wav-file.ts';
import { monoAudio } from './mono-audio.ts';
import type { RecordingLimits } from './progress.ts';

// The libraries report damage there.
vi.spyOn(console, 'error').mockImplementation(() => {});

async function secondsOf(data: Uint8Array, limits: RecordingLimits = {}): Promise<number> {
  let samples = 0;
  for await (const piece of monoAudio({ data, mediaType: 'audio/mpeg' }, 8_000, limits)) samples += piece.length;
  return samples / 8_000;
}

test.each(hostileRecordingNames.filter((name) => !name.includes(' h ')))('%s is decoded or refused', async (name) => {
  const { data } = hostileRecording(name, 100_000);
  const outcome = await secondsOf(data, { maxSeconds: 600 }).catch((error: unknown) => error);
  expect(typeof outcome === 'number' || isFailure(outcome) ? '' : outcome).toBe('');
});

test.each([
  ['FLAC of 100 h of silence', 'lasts 100 hours'],
  ['FLAC of a second that says 100 h', 'lasts 100 hours'],
  ['Opus of 24 h of silence', 'lasts 24 hours'],
])('%s is refused by its head', async (name, fact) => {
  const { data } = hostileRecording(name, 0);
  const pieces = monoAudio({ data, mediaType: 'audio/ogg' }, 16_000);
  await expect(pieces.next()).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: `The recording ${fact}; the limit is 4 hours. Cut it into shorter ones.`,
  });
});

test('a WAV is as long as its bytes, whatever its head says', async () => {
  expect(await secondsOf(hostileRecording('WAV of 4 GiB by its head', 0).data)).toBeLessThan(1);
  const minute = wavFile(new Uint8Array(8_000 * 60), { sampleRate: 8_000, bits: 8, dataSize: 16 });
  expect(await secondsOf(minute)).toBeLessThan(1);
  const pieces = monoAudio(
    { data: wavFile(new Uint8Array(480_000), { sampleRate: 8_000, bits: 8 }), mediaType: '' },
    16_000,
    {
      maxSeconds: 59,
    },
  );
  await expect(pieces.next()).rejects.toMatchObject({ message: expect.stringContaining('lasts 60 seconds') });
});

test.each([
  'FLAC of 100 h that says nothing of it',
  'Opus of 24 h whose pages all are the last',
  'Opus of 24 h without positions',
])('%s is refused when it has come too far, whatever is left out of it', async (name) => {
  await expect(secondsOf(hostileRecording(name, 0).data, { maxSeconds: 300 })).rejects.toMatchObject({
    code: 'TOO_LARGE',
    message: 'The recording is too long; the limit is 5 minutes. Cut it into shorter ones.',
  });
});

test.each(['MP3 of the shortest frames'])('%s is refused when it has come too far', async (name) => {
  await expect(secondsOf(hostileRecording(name, 1_000_000).data, { maxSeconds: 120 })).rejects.toMatchObject({
    code: 'TOO_LARGE',
  });
});

test('decoding ends where no client waits any more', async () => {
  const client = new AbortController();
  const pieces = monoAudio(
    { data: hostileRecording('FLAC of 3 h of silence', 0).data, mediaType: 'audio/flac' },
    16_000,
    { signal: client.signal },
  );
  await pieces.next();
  client.abort();
  await expect(pieces.next()).rejects.toMatchObject({ code: 'CANCELLED' });
});

test.each(['MP3 of chance', 'WebM called MP3'])('%s is none', async (name) => {
  await expect(secondsOf(hostileRecording(name, 300_000).data)).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: 'The file is not a WAV, MP3, FLAC or Ogg file.',
  });
});

test('an MP3 that begins within a frame is one', async () => {
  const file = await speechFile('mp3');
  const whole = await decodedMono(file, 'audio/mpeg');
  expect((await decodedMono(file.subarray(1_000), 'audio/ogg')).length).toBeGreaterThan(whole.length * 0.7);
});
