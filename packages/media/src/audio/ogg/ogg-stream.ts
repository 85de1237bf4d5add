import type { AudioBlock } from '../audio-block.ts';
import type { OggPage } from './pages.ts';

/** Decodes one of the streams that an Ogg file has beside or behind one another. */
export interface OggStream {
  decode(page: OggPage): AsyncGenerator<AudioBlock>;
  /** What was held back until the end. */
  end(): AsyncGenerator<AudioBlock>;
  free(): Promise<void>;
}
