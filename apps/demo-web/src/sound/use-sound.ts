import { useEffect, useState } from 'react';
import { decodeSound, type Undecoded } from './decode.ts';
import { type Peaks, peaksOf } from './peaks.ts';
import { Player } from './player.ts';

/** More than a wide screen has columns. */
const parts = 4_096;

/** What the page can do with a recording by itself. */
export type Sound =
  | { readonly phase: 'decoding' }
  | { readonly phase: 'decoded'; readonly player: Player; readonly peaks: Peaks }
  | { readonly phase: 'undecoded'; readonly why: Undecoded };

/** Decodes a recording, for its waveform and to play it. */
export function useSound(blob: Blob, url: string): Sound {
  const [known, setKnown] = useState<{ readonly of: Blob; readonly sound: Sound }>();
  useEffect(() => {
    const leaving = new AbortController();
    let player: Player | undefined;
    const decode = async (): Promise<Sound> => {
      const buffer = await decodeSound(blob, url);
      if (typeof buffer === 'string') return { phase: 'undecoded', why: buffer };
      const channels = Array.from({ length: buffer.numberOfChannels }, (_, index) => buffer.getChannelData(index));
      const peaks = await peaksOf(channels, parts, leaving.signal);
      return { phase: 'decoded', player: (player = new Player(buffer)), peaks };
    };
    void decode().then(
      (sound) => leaving.signal.aborted || setKnown({ of: blob, sound }),
      (error: unknown) => {
        if (!leaving.signal.aborted) throw error;
      },
    );
    return () => {
      leaving.abort();
      player?.close();
    };
  }, [blob, url]);
  return known?.of === blob ? known.sound : { phase: 'decoding' };
}
