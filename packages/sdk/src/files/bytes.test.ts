import { afterEach, describe, expect, test, vi } from 'vitest';
import { bytesOfBlob } from './bytes.ts';

afterEach(() => void vi.unstubAllGlobals());

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
