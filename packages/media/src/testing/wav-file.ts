export interface WavOptions {
  readonly sampleRate: number;
  /** 1 PCM, 3 float, 6 A-law, 7 µ-law. */
  readonly tag?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly littleEndian?: boolean;
  /** The tag is in the GUID of WAVE_FORMAT_EXTENSIBLE. */
  readonly isExtensible?: boolean;
  /** What the data chunk's head says instead of the truth. */
  readonly dataSize?: number;
  /** Chunks before the samples, as they are. */
  readonly before?: Uint8Array;
  readonly after?: Uint8Array;
}

/** A WAV file around encoded samples. */
export function wavFile(samples: Uint8Array, options: WavOptions): Buffer {
  const { sampleRate, tag = 1, bits = 16, channels = 1, littleEndian = true, isExtensible = false } = options;
  const format = new DataView(new ArrayBuffer(isExtensible ? 40 : 16));
  format.setUint16(0, isExtensible ? 0xfffe : tag, littleEndian);
  format.setUint16(2, channels, littleEndian);
  format.setUint32(4, sampleRate, littleEndian);
  format.setUint32(8, (sampleRate * channels * bits) / 8, littleEndian);
  format.setUint16(12, (channels * bits) / 8, littleEndian);
  format.setUint16(14, bits, littleEndian);
  if (isExtensible) {
    format.setUint16(16, 22, littleEndian);
    format.setUint16(24, tag, littleEndian);
  }
  const head = (name: string, size: number): Buffer => {
    const bytes = Buffer.from(`${name}\0\0\0\0`, 'latin1');
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, size, littleEndian);
    return bytes;
  };
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    head('fmt ', format.byteLength),
    new Uint8Array(format.buffer),
    options.before ?? new Uint8Array(0),
    head('data', options.dataSize ?? samples.length),
    samples,
    options.after ?? new Uint8Array(0),
  ]);
  return Buffer.concat([head(littleEndian ? 'RIFF' : 'RIFX', options.dataSize ?? body.length), body]);
}

/** Samples from −1 to 1 as 16 bits, the same in each channel. */
export function pcm16(samples: Float32Array, channels = 1, littleEndian = true): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * channels * samples.length));
  for (let at = 0; at < samples.length * channels; at += 1) {
    view.setInt16(2 * at, Math.round(samples[Math.floor(at / channels)]! * 32_767), littleEndian);
  }
  return new Uint8Array(view.buffer);
}
