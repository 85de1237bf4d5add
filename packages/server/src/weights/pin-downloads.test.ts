import { expect, it } from 'vitest';
import { pinDownloads } from './pin-downloads.ts';
import { download, type FoundWeightsFile, localFile } from './weights-file.ts';

const unknown: FoundWeightsFile = { kind: 'download', url: 'https://example.org/net.onnx' };

it('later engines get the bytes that the first one got, whatever the server has by then', () => {
  expect(pinDownloads({ net: unknown }, { net: 'abc' })).toEqual({ net: { ...unknown, sha256: 'abc' } });
});

it('before there is an engine, and where the checksum is known, nothing changes', () => {
  const known = download('https://example.org/net.onnx', 'known');
  expect(pinDownloads({ net: unknown, known }, {})).toEqual({ net: unknown, known });
  expect(pinDownloads({ known }, { known: 'other' })).toEqual({ known });
});

it('a file of the machine may be replaced while the server runs', () => {
  expect(pinDownloads({ net: localFile('/srv/net.onnx') }, { net: 'abc' })).toEqual({
    net: localFile('/srv/net.onnx'),
  });
});
