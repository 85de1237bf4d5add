const headerBytes = 44;
const bytesPerSample = 2;
/** The format tag of samples that are whole numbers. */
const pcm = 1;

/** A recording as a WAV file of one channel and 16 bits, from consecutive pieces with samples from -1 to 1. */
export function writeWav(pieces: readonly Float32Array[], sampleRate: number): Blob {
  const samples = pieces.reduce((sum, { length }) => sum + length, 0);
  const dataBytes = samples * bytesPerSample;
  const view = new DataView(new ArrayBuffer(headerBytes + dataBytes));
  const writeTag = (offset: number, tag: string): void => {
    for (let index = 0; index < tag.length; index += 1) view.setUint8(offset + index, tag.charCodeAt(index));
  };
  writeTag(0, 'RIFF');
  view.setUint32(4, headerBytes - 8 + dataBytes, true);
  writeTag(8, 'WAVE');
  writeTag(12, 'fmt ');
  view.setUint32(16, 16, true); // bytes of the format that follow
  view.setUint16(20, pcm, true);
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * bytesPerSample, true);
  view.setUint16(32, bytesPerSample, true);
  view.setUint16(34, 8 * bytesPerSample, true);
  writeTag(36, 'data');
  view.setUint32(40, dataBytes, true);
  let offset = headerBytes;
  for (const piece of pieces) {
    for (const sample of piece) {
      const clipped = Math.max(-1, Math.min(1, sample));
      view.setInt16(offset, Math.round(clipped * (clipped < 0 ? 0x8000 : 0x7fff)), true);
      offset += bytesPerSample;
    }
  }
  return new Blob([view.buffer], { type: 'audio/wav' });
}
