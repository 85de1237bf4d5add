import { crc32, deflateSync } from 'node:zlib';

const pngSignature = Buffer.of(137, 80, 78, 71, 13, 10, 26, 10);

/**
 * A picture to try a model on, as a PNG: a sunset over water, drawn, because no picture is free of a licence and small at once. Its shapes
 * and colours differ from place to place, so that turned axes and exchanged channels show.
 */
export function samplePicture(width = 480, height = 360): Uint8Array {
  const rows = Buffer.alloc((3 * width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (3 * width + 1) + 1 + 3 * x;
      const [red, green, blue] = colourAt(x / width, y / height, width / height);
      rows[at] = red;
      rows[at + 1] = green;
      rows[at + 2] = blue;
    }
  }
  return Buffer.concat([
    pngSignature,
    chunk('IHDR', header(width, height)),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A recording to try a model on, as a WAV of 16 bits: three tones, each twice as high as the one before, with silence between them. */
export function sampleRecording(sampleRate: number, seconds = 3): Uint8Array {
  const length = Math.round(sampleRate * seconds);
  const file = Buffer.alloc(44 + 2 * length);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + 2 * length, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(2 * sampleRate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(2 * length, 40);
  for (let at = 0; at < length; at += 1) {
    const second = at / sampleRate;
    const [tone, within] = [Math.floor(second), second % 1];
    const loudness = within < 0.8 ? Math.min(1, 20 * within, 20 * (0.8 - within)) : 0;
    const value = 0.4 * loudness * Math.sin(2 * Math.PI * 220 * 2 ** tone * second);
    file.writeInt16LE(Math.round(32_767 * value), 44 + 2 * at);
  }
  return file;
}

/** Red, green and blue at a place from 0 to 1. */
function colourAt(x: number, y: number, proportions: number): [number, number, number] {
  const horizon = 0.6;
  const sun = Math.hypot((x - 0.68) * proportions, y - 0.45);
  if (y < horizon && sun < 0.13) return [255, 226, 120];
  if (y > horizon) {
    const wave = Math.abs(Math.sin(60 * (y - horizon) ** 0.5 + 9 * x)) ** 3;
    return [Math.round(30 + 110 * wave), Math.round(50 + 60 * wave), Math.round(110 - 20 * wave)];
  }
  const hill = horizon - 0.16 * Math.exp(-(((x - 0.25) / 0.16) ** 2));
  if (y > hill) return [38, 52, 44];
  return [Math.round(90 + 150 * y), Math.round(110 + 60 * y), Math.round(190 - 110 * y)];
}

function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  // Eight bits each for red, green and blue.
  data.set([8, 2], 8);
  return data;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}
