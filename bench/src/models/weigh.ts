import { defineModel } from '@portico/server/model';
import { weighTask } from './tasks.ts';

/** A model that does nothing but return the size of a file. */
export default defineModel(weighTask, {
  load: async () => ({}),
  run: async (inputs) => inputs.map(({ file }) => ({ bytes: file.data.byteLength })),
  warmUp: () => ({ file: { data: Uint8Array.of(1), mediaType: 'audio/flac' }, params: {} }),
});
