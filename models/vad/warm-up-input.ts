import { VadParams, type vad } from '@portico/schemas';
import type { ModelInput } from '@portico/server/model';
import { sampleRate } from './detector.ts';

/** A second of silence in eight bits: the network is the same for every frame. */
export function warmUpInput(): ModelInput<typeof vad> {
  const head = Buffer.alloc(44);
  head.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(sampleRate, 40);
  const data = Buffer.concat([head, Buffer.alloc(sampleRate, 128)]);
  return { file: { data, mediaType: 'audio/wav' }, params: VadParams.parse({}), emit: () => {} };
}
