import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Media } from './valid-requests.ts';

const samples = join(import.meta.dirname, '..', '..', '..', '..', 'samples');
const seconds = 1;

/** The samples, made small in every accepted format, so that thousands of them can be sent. */
export async function readMedia(): Promise<Media> {
  const [page, speech] = await Promise.all(['page.jpg', 'speech.flac'].map((name) => readFile(join(samples, name))));
  const small = sharp(join(samples, 'astronaut.png')).resize(48);
  const formats = ['png', 'jpeg', 'webp', 'gif', 'tiff'] as const;
  const pictures = await Promise.all(
    formats.map(async (format) => ({
      mediaType: `image/${format}`,
      bytes: await small.clone().toFormat(format).toBuffer(),
    })),
  );
  return {
    pictures: [...pictures, { mediaType: 'image/jpeg', bytes: (page ?? Buffer.alloc(0)).subarray(0, 9_000) }],
    recordings: [
      { mediaType: 'audio/flac', bytes: (speech ?? Buffer.alloc(0)).subarray(0, 16_000) },
      { mediaType: 'audio/wav', bytes: wave() },
    ],
  };
}

/** A second of a tone. */
function wave(): Buffer {
  const rate = 16_000;
  const data = Buffer.from(Int16Array.from({ length: seconds * rate }, (_, at) => 9_000 * Math.sin(at / 9)).buffer);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
