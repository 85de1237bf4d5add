import { expect, it } from 'vitest';
import { download, localFile, npmFile, weightsSource } from './weights-file.ts';

it('a source says where a file comes from', () => {
  expect(weightsSource(npmFile('@scope/name', 'a/net.onnx', '0'))).toBe('npm:@scope/name/a/net.onnx');
  expect(weightsSource(localFile('weights/net.onnx'))).toBe('file:weights/net.onnx');
  expect(weightsSource(download('https://example.org:8443/a/net.onnx', '0'))).toBe(
    'https://example.org:8443/a/net.onnx',
  );
});

it('a source holds no secret', () => {
  expect(weightsSource(download('https://user:pass@example.org/net.onnx?token=t#f', '0'))).toBe(
    'https://example.org/net.onnx?…',
  );
  expect(weightsSource(download('https://user:pass@', '0'))).toBe('an invalid URL');
});

it('a local file may be given by its URL', () => {
  expect(localFile(new URL('file:///srv/my%20net.onnx'))).toEqual({ kind: 'local', path: '/srv/my net.onnx' });
  expect(() => localFile(new URL('https://example.org/net.onnx'))).toThrow(TypeError);
});
