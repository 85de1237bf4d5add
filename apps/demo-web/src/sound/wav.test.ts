import { describe, expect, it } from 'vitest';
import { writeWav } from './wav.ts';

const written = async (pieces: Float32Array[], sampleRate = 16_000): Promise<DataView> =>
  new DataView(await writeWav(pieces, sampleRate).arrayBuffer());

const textAt = (view: DataView, offset: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, offset, 4));

describe('a WAV file', () => {
  it('says what its samples are', async () => {
    const view = await written([new Float32Array(3), new Float32Array(2)], 48_000);
    expect([0, 8, 12, 36].map((offset) => textAt(view, offset))).toEqual(['RIFF', 'WAVE', 'fmt ', 'data']);
    expect(view.getUint16(20, true)).toBe(1);
    expect(view.getUint16(22, true)).toBe(1);
    expect(view.getUint32(24, true)).toBe(48_000);
    expect(view.getUint32(28, true)).toBe(96_000);
    expect(view.getUint16(32, true)).toBe(2);
    expect(view.getUint16(34, true)).toBe(16);
  });

  it('states its own length and that of its samples', async () => {
    const view = await written([new Float32Array(3), new Float32Array(2)]);
    expect(view.byteLength).toBe(44 + 10);
    expect(view.getUint32(4, true)).toBe(view.byteLength - 8);
    expect(view.getUint32(40, true)).toBe(10);
  });

  it('holds the pieces one after the other, at full scale where they are, and clipped beyond it', async () => {
    const view = await written([Float32Array.of(0, 1, -1), Float32Array.of(0.5, 1.5, -2)]);
    const samples = Array.from({ length: 6 }, (_, index) => view.getInt16(44 + 2 * index, true));
    expect(samples).toEqual([0, 32_767, -32_768, 16_384, 32_767, -32_768]);
  });

  it('may be empty, and is announced as a sound', async () => {
    expect((await written([])).byteLength).toBe(44);
    expect(writeWav([], 16_000).type).toBe('audio/wav');
  });
});
