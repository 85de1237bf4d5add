import { aLaw, muLaw } from './g711.ts';

export type Encoding = 'integer' | 'float' | 'a-law' | 'mu-law';

/** Reads one sample, −1 to 1 but for floats, which may lie outside. */
export type SampleReader = (view: DataView, at: number) => number;

/** Eight bits are without a sign; wider samples have one. */
export function sampleReader(encoding: Encoding, sampleBytes: number, littleEndian: boolean): SampleReader {
  switch (`${encoding} ${sampleBytes}`) {
    case 'integer 1':
      return (view, at) => (view.getUint8(at) - 128) / 2 ** 7;
    case 'integer 2':
      return (view, at) => view.getInt16(at, littleEndian) / 2 ** 15;
    case 'integer 3':
      return littleEndian
        ? (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 2 ** 16) / 2 ** 23
        : (view, at) => (view.getUint16(at + 1) + view.getInt8(at) * 2 ** 16) / 2 ** 23;
    case 'integer 4':
      return (view, at) => view.getInt32(at, littleEndian) / 2 ** 31;
    case 'float 4':
      return (view, at) => view.getFloat32(at, littleEndian);
    case 'float 8':
      return (view, at) => view.getFloat64(at, littleEndian);
    case 'a-law 1':
      return (view, at) => aLaw[view.getUint8(at)]!;
    case 'mu-law 1':
      return (view, at) => muLaw[view.getUint8(at)]!;
    default:
      throw new TypeError(`There is no ${encoding} of ${sampleBytes} bytes.`);
  }
}
