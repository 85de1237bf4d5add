import { FLACDecoder } from '@wasm-audio-decoders/flac';
import type { AudioBlock } from '../audio-block.ts';
import { Damage } from '../damage.ts';

/** Decodes FLAC frame by frame. */
export class FlacFrameDecoder {
  readonly #decoder = new FLACDecoder();
  readonly #damage = new Damage();
  readonly #sampleRate: number;

  /** In hertz. */
  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  async decode(frame: Uint8Array): Promise<AudioBlock | undefined> {
    await this.#decoder.ready;
    const { channelData, samplesDecoded, errors } = await this.#decoder.decodeFrames([frame]);
    this.#damage.count(errors.length);
    return samplesDecoded > 0 ? { sampleRate: this.#sampleRate, channels: channelData } : undefined;
  }

  async free(): Promise<void> {
    await this.#decoder.ready;
    this.#decoder.free();
  }
}
