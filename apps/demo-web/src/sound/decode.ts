/** Enough for speech, and a third of the memory of 48 kHz: 3.8 MB a minute and channel. */
const sampleRate = 16_000;
/** Longer recordings are not decoded in the page: they would take more than 350 MB in stereo. */
const maxDecodedSeconds = 45 * 60;
/** A browser that says nothing about a file within this cannot read it. */
const metadataTimeoutMs = 5_000;

/** Why a page has no waveform of a recording. */
export type Undecoded = 'unreadable' | 'too long';

/** The samples of a recording, decoded by the browser in a thread of its own. */
export async function decodeSound(blob: Blob, url: string): Promise<AudioBuffer | Undecoded> {
  const seconds = await durationOf(url);
  // A file that an element cannot play may still be decoded; one that does not state its length is not known to be long.
  if (seconds > maxDecodedSeconds) return 'too long';
  try {
    return await new OfflineAudioContext(1, 1, sampleRate).decodeAudioData(await blob.arrayBuffer());
  } catch {
    return 'unreadable';
  }
}

/** The length that the file states; NaN if the browser cannot read it, infinite if it states none. */
const durationOf = (url: string): Promise<number> =>
  new Promise((resolve) => {
    const audio = new Audio();
    const finish = (): void => {
      clearTimeout(timer);
      resolve(audio.duration);
      audio.removeAttribute('src');
      audio.load();
    };
    const timer = setTimeout(finish, metadataTimeoutMs);
    audio.addEventListener('loadedmetadata', finish, { once: true });
    audio.addEventListener('error', finish, { once: true });
    audio.preload = 'metadata';
    audio.src = url;
  });
