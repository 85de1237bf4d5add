import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPorticoError } from '../errors/portico-error.ts';
import { arrays, elementCount, type NumericDatatype } from './datatypes.ts';
import { decodeTensorResult } from './decode-result.ts';
import { encodeTensorCall } from './encode-call.ts';
import type { Tensor } from './tensor.ts';

const shape = fc.array(fc.nat(4), { maxLength: 3 });
const numeric = Object.keys(arrays) as NumericDatatype[];

const numbers = fc
  .record({ name: fc.string({ minLength: 1 }), datatype: fc.constantFrom(...numeric), shape })
  .chain(({ name, datatype, shape }) => {
    const length = elementCount(shape) * arrays[datatype].BYTES_PER_ELEMENT;
    const byte = datatype === 'BOOL' ? fc.nat(1) : fc.nat(255);
    return fc.array(byte, { minLength: length, maxLength: length }).map((bytes) => {
      const data = new arrays[datatype](Uint8Array.from(bytes).buffer);
      return { name, datatype, shape, data } as Tensor;
    });
  });
const texts = fc.record({ name: fc.string({ minLength: 1 }), shape }).chain(({ name, shape }) => {
  const length = elementCount(shape);
  return fc
    .array(fc.string({ unit: 'binary' }), { minLength: length, maxLength: length })
    .map((data): Tensor => ({ name, datatype: 'BYTES', shape, data }));
});
const tensors = fc.uniqueArray(fc.oneof(numbers, texts), { maxLength: 4, selector: ({ name }) => name });

/** The response of a server that returns its inputs, with the values at any offset. */
async function echoed(inputs: readonly Tensor[], spaces: number): Promise<{ bytes: Uint8Array; headLength: number }> {
  const { body, headLength } = encodeTensorCall({ inputs });
  const sent = Buffer.from(await new Blob([...body]).arrayBuffer());
  const head = JSON.parse(sent.toString('utf8', 0, headLength)) as { inputs: unknown };
  const json = JSON.stringify({ model_name: 'echo', model_version: '1', outputs: head.inputs }) + ' '.repeat(spaces);
  const bytes = Buffer.concat([Buffer.from(json), sent.subarray(headLength)]);
  return { bytes, headLength: Buffer.byteLength(json) };
}

it('tensors come back as they were sent, bit for bit', async () => {
  await fc.assert(
    fc.asyncProperty(tensors, fc.nat(7), async (inputs, spaces) => {
      const { bytes, headLength } = await echoed(inputs, spaces);
      const { outputs } = decodeTensorResult(bytes, headLength);
      expect(outputs).toEqual(inputs);
      // Two that are no number look the same, but may be different bits.
      expect(outputs.map(bitsOf)).toEqual(inputs.map(bitsOf));
    }),
  );
});

const bitsOf = ({ data }: Tensor): unknown =>
  ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex') : data;

it('a damaged response is read or rejected, and nothing else', async () => {
  const damage = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat(), headLength: fc.option(fc.integer()) });
  await fc.assert(
    fc.asyncProperty(tensors, damage, async (inputs, { at, byte, cut, headLength }) => {
      const whole = await echoed(inputs, 0);
      whole.bytes[at % whole.bytes.length] = byte;
      const bytes = whole.bytes.subarray(0, cut % 4 === 0 ? (cut / 4) % whole.bytes.length : undefined);
      expect(['read', 'NETWORK']).toContain(
        ending(bytes, cut % 3 === 0 ? (headLength ?? undefined) : whole.headLength),
      );
    }),
    { numRuns: 1_000 },
  );
});

/** How the reading of a response ends: that it was read, or the code of its error. */
function ending(bytes: Uint8Array, headLength: number | undefined): string {
  try {
    decodeTensorResult(bytes, headLength);
    return 'read';
  } catch (error) {
    return isPorticoError(error) ? error.code : String(error);
  }
}
