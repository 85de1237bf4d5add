import { defineModel, toDataUrl } from '@portico/server/model';
import { join } from './contract.ts';

export default defineModel(join, {
  async load() {},
  async run(inputs) {
    return inputs.map(({ files: { first, second } }) => {
      const joined = Buffer.concat([first.data, second.data]);
      return { size: joined.byteLength, joined: toDataUrl(joined, 'application/x-joined') };
    });
  },
  warmUp: () => {
    const file = { data: new Uint8Array(1), mediaType: 'text/plain' };
    return { files: { first: file, second: file }, params: {} };
  },
});
