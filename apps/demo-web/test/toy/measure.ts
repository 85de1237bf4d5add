import { Failure } from '@portico/schemas';
import { defineModel } from '@portico/server/model';
import { hostile, measure } from './contract.ts';

const bytesPer = { bits: 1 / 8, nibbles: 1 / 2, bytes: 1, kilobytes: 1e3, megabytes: 1e6 };

/** Says how large a file is, in a field with a hostile name too. */
export default defineModel(measure, {
  async load() {
    await new Promise((resolve) => setTimeout(resolve, Number(process.env['TOY_LOAD_MS'] ?? 0)));
  },
  async run(inputs) {
    return inputs.map(({ file, params: { unit, label, tags, scale, fail } }) => {
      if (fail) throw new Failure('BAD_INPUT', `This picture is not measured. ${hostile}`);
      const size = (file.data.byteLength * scale) / bytesPer[unit];
      return { label, size, mediaType: file.mediaType, tags, [hostile]: hostile };
    });
  },
  warmUp: () => ({
    file: { data: new Uint8Array(1), mediaType: 'image/png' },
    params: { unit: 'bytes' as const, label: '', tags: [], scale: 1, fail: false },
  }),
});
