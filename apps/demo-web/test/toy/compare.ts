import { defineModel } from '@portico/server/model';
import { compare } from './contract.ts';

export default defineModel(compare, {
  async load() {},
  async run(inputs) {
    return inputs.map(({ files: { left, right }, params: { word } }) => {
      const sizes = [left.data.byteLength, right.data.byteLength] as const;
      const larger = sizes[0] === sizes[1] ? ('neither' as const) : sizes[0] > sizes[1] ? 'left' : 'right';
      return { larger, word, sizes: [...sizes] };
    });
  },
  warmUp: () => ({
    files: {
      left: { data: new Uint8Array(1), mediaType: 'image/png' },
      right: { data: new Uint8Array(1), mediaType: 'text/plain' },
    },
    params: { word: '' },
  }),
});
