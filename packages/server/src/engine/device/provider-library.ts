import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Device } from '@portico/schemas';

/** Files that a provider needs beside ONNX Runtime's own library and that do not come with the npm package. */
const separateLibraries: Partial<Record<Device, Partial<Record<NodeJS.Platform, string>>>> = {
  cuda: { linux: 'libonnxruntime_providers_cuda.so', win32: 'onnxruntime_providers_cuda.dll' },
};

/**
 * Why a provider that this build was compiled for is not installed, or undefined when it is. Asking ONNX Runtime
 * itself would print its loader's complaint on every start of every engine.
 */
export function missingLibrary(device: Device): string | undefined {
  const file = separateLibraries[device]?.[process.platform];
  if (file === undefined) return undefined;
  const packageFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const path = join(packageFolder, 'bin', 'napi-v6', process.platform, process.arch, file);
  return existsSync(path) ? undefined : `${file} is not installed beside ONNX Runtime`;
}
