import { defineModel } from '@portico/server/model';
import { weigh } from './contract.ts';

export default defineModel(weigh, {
  async load() {},
  async run(inputs) {
    return inputs.map(({ file: { data, mediaType } }) => ({ size: data.byteLength, mediaType }));
  },
  warmUp: () => ({ file: { data: new Uint8Array(1), mediaType: 'text/plain' }, params: {} }),
});
