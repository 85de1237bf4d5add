import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  installedRuntime,
  inWords,
  missingLibraries,
  neededLibraries,
  providerFolder,
  recordFile,
  wrongFiles,
} from './provider.ts';

const onLinux = process.platform === 'linux' && process.arch === 'x64';
if (!onLinux) process.stdout.write('skipped: the libraries of CUDA are looked for on linux x64 only\n');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-cuda-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what is missing, in words', () => {
  it('is said by package, with the files of each', () => {
    expect(inWords(['libcublasLt.so.12', 'libcudart.so.12', 'libcufft.so.11', 'libcudnn.so.9', 'libcuda.so.1'])).toBe(
      'the loader does not find CUDA 12 (libcublasLt.so.12, libcudart.so.12); other libraries of CUDA (libcufft.so.11); cuDNN 9 (libcudnn.so.9); ' +
        'the NVIDIA driver (libcuda.so.1). Install what is missing, or name its folder in LD_LIBRARY_PATH: docs/gpu.md',
    );
    expect(inWords([])).toBeUndefined();
  });
});

describe('the files of the provider', () => {
  /** An installed onnxruntime-node with these files beside its library. */
  function runtimeWith(files: Readonly<Record<string, string>>) {
    const runtime = { folder: mkdtempSync(join(folder, 'runtime-')), version: '1.30.0' };
    const place = providerFolder(runtime.folder);
    mkdirSync(place, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
    return runtime;
  }
  const both = { 'libonnxruntime_providers_shared.so': '', 'libonnxruntime_providers_cuda.so': '' };

  it('are named one by one, with the command that installs them', () => {
    expect(wrongFiles(runtimeWith({}))).toBe(
      'libonnxruntime_providers_shared.so is not installed; "npm run setup:cuda" installs it (docs/gpu.md)',
    );
    expect(wrongFiles(runtimeWith({ 'libonnxruntime_providers_shared.so': '' }))).toContain(
      'libonnxruntime_providers_cuda.so is not installed',
    );
    expect(wrongFiles(runtimeWith(both))).toBeUndefined();
  });

  it('must be of the same version as the runtime', () => {
    expect(wrongFiles(runtimeWith({ ...both, [recordFile]: '{"onnxruntime":"1.29.0"}' }))).toBe(
      'its libraries are of ONNX Runtime 1.29.0, onnxruntime-node is 1.30.0; "npm run setup:cuda" replaces them (docs/gpu.md)',
    );
    expect(wrongFiles(runtimeWith({ ...both, [recordFile]: '{"onnxruntime":"1.30.0"}' }))).toBeUndefined();
  });
});

describe.skipIf(!onLinux)('a library', () => {
  const ownLibrary = () => join(providerFolder(installedRuntime().folder), 'libonnxruntime.so.1');

  it('names the libraries that it needs', () => {
    expect(neededLibraries(ownLibrary())).toEqual(expect.arrayContaining(['libc.so.6', 'libstdc++.so.6']));
    const text = join(folder, 'text');
    writeFileSync(text, 'no library '.repeat(10));
    expect(() => neededLibraries(text)).toThrow('is not a 64-bit library');
  });

  it('whose libraries are all there lacks only what it loads later', () => {
    expect(missingLibraries(ownLibrary()).every((name) => name.startsWith('libcud'))).toBe(true);
  });
});
