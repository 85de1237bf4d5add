import { defineModel } from '@portico/server/model';
import { square } from './contract.ts';

/** A PNG of one red pixel. */
const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

export default defineModel(square, {
  async load() {},
  async run(inputs) {
    return inputs.map(() => ({ side: 1, image: `data:image/png;base64,${pixel}` }));
  },
  warmUp: () => ({ file: { data: new Uint8Array(1), mediaType: 'audio/wav' }, params: {} }),
});
