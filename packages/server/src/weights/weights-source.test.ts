import { expect, it } from 'vitest';
import { download, localFile, npmFile } from './weights-file.ts';
import { weightsSource } from './weights-source.ts';

it('a source says where a file comes from', () => {
  expect(weightsSource(npmFile('@scope/name', 'a/net.onnx', '0'))).toBe('npm:@scope/name/a/net.onnx');
  expect(weightsSource(localFile('weights/net.onnx'))).toBe('file:weights/net.onnx');
  expect(weightsSource(download('https://example.org:8443/a/net.onnx', '0'))).toBe(
    'https://example.org:8443/a/net.onnx',
  );
});

it('a source tells no secret', () => {
  expect(weightsSource(download('https://user:pass@example.org/net.onnx?token=t#f', '0'))).toBe(
    'https://example.org/net.onnx?…',
  );
  expect(weightsSource(download('https://user:pass@', '0'))).toBe('an unreadable URL');
});
