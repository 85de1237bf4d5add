import { afterEach, describe, expect, test, vi } from 'vitest';
import { bytesOfBlob, bytesOfText } from './bytes.ts';

afterEach(() => void vi.unstubAllGlobals());

describe('text without a TextEncoder is the same bytes', () => {
  test.each(['', 'plain', '100 % "wörld"', '\u0000\r\n', '日本語 🎈', 'half \uD83C a balloon', '\uDF88\uD83C'])(
    '%j',
    (text) => {
      const expected = new TextEncoder().encode(text);
      vi.stubGlobal('TextEncoder', undefined);
      expect(bytesOfText(text)).toEqual(expected);
    },
  );
});

describe('a Blob without arrayBuffer', () => {
  const blob = { size: 2, type: '', slice: () => blob } as unknown as Blob;

  /** A reader that ends in this way. */
  const stubReader = (end: 'load' | 'error'): void => {
    class FakeReader extends EventTarget {
      result: unknown;
      readonly error = new Error('it has changed');
      readAsArrayBuffer(): void {
        this.result = new Uint8Array([1, 2]).buffer;
        this.dispatchEvent(new Event(end));
      }
    }
    vi.stubGlobal('FileReader', FakeReader);
  };

  test('is read by a FileReader', async () => {
    stubReader('load');
    expect(await bytesOfBlob(blob)).toEqual(new Uint8Array([1, 2]));
  });

  test('rejects with the reason of the FileReader', async () => {
    stubReader('error');
    await expect(bytesOfBlob(blob)).rejects.toThrow('it has changed');
  });

  test('is refused where there is no FileReader', async () => {
    await expect(bytesOfBlob(blob)).rejects.toThrow('this environment cannot read a Blob: pass its bytes');
  });
});
