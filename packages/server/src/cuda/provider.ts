import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// ONNX Runtime's provider for CUDA on Linux: the files that do not come with the npm package, and the libraries that they need.

const providerFile = 'libonnxruntime_providers_cuda.so';
/** The first is loaded by the second. */
export const providerFiles = ['libonnxruntime_providers_shared.so', providerFile] as const;

/** Written by the setup beside the files: what they are and where they come from. */
export const recordFile = 'portico-cuda.json';

/** Loaded while it runs, so that the file does not name them. */
const loadedLater = ['libcudnn.so.9', 'libcuda.so.1'];

/** An installed onnxruntime-node. */
export interface Runtime {
  readonly folder: string;
  readonly version: string;
}

/** The one in this folder. @default the one that engines load */
export function installedRuntime(
  folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')),
): Runtime {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { folder, version };
}

/** Where ONNX Runtime looks for its providers: beside its own library. */
export const providerFolder = (runtimeFolder: string): string => join(runtimeFolder, 'bin', 'napi-v6', 'linux', 'x64');

/** In a service of one's own, and in this repository. */
const setupCommand = /[\\/]node_modules[\\/]/.test(import.meta.dirname)
  ? 'npx portico setup-cuda'
  : 'npm run setup:cuda';

/** What is wrong with the files themselves, and what to do about it; undefined if they are there and fit. */
export function wrongFiles({ folder, version }: Runtime): string | undefined {
  const place = providerFolder(folder);
  const missing = providerFiles.find((file) => !existsSync(join(place, file)));
  if (missing !== undefined) return `${missing} is not installed; "${setupCommand}" installs it (docs/gpu.md)`;
  const made = readRecord(place)?.onnxruntime ?? version;
  if (made === version) return undefined;
  return `its libraries are of ONNX Runtime ${made}, onnxruntime-node is ${version}; "${setupCommand}" replaces them (docs/gpu.md)`;
}

/** Which libraries the provider lacks; undefined if the loader finds all. Loads each of them for a moment. */
export const lackingLibraries = ({ folder }: Runtime): string | undefined =>
  inWords(missingLibraries(join(providerFolder(folder), providerFile)));

/** What was put in place; undefined if something else did it. */
function readRecord(place: string): { readonly onnxruntime?: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(place, recordFile), 'utf8')) as { onnxruntime?: string };
  } catch {
    return undefined;
  }
}

/** The libraries that a provider needs and the loader does not find. */
export const missingLibraries = (provider: string): string[] =>
  [...new Set([...neededLibraries(provider), ...loadedLater])].filter((name) => !canLoad(name));

/** Which packages these libraries belong to; undefined if there are none. */
export function inWords(missing: readonly string[]): string | undefined {
  if (missing.length === 0) return undefined;
  const byPackage = new Map<string, string[]>();
  for (const name of missing) {
    const owner = packageOf(name);
    byPackage.set(owner, [...(byPackage.get(owner) ?? []), name]);
  }
  const parts = [...byPackage].map(([owner, names]) => `${owner} (${names.join(', ')})`);
  return `the loader does not find ${parts.join('; ')}. Install what is missing, or name its folder in LD_LIBRARY_PATH: docs/gpu.md`;
}

function packageOf(library: string): string {
  if (library.startsWith('libcuda.') || library.startsWith('libnvidia')) return 'the NVIDIA driver';
  const major = /\.so\.(\d+)/.exec(library)?.[1] ?? '';
  if (library.startsWith('libcudnn')) return `cuDNN ${major}`;
  if (/^lib(cudart|cublas|nvrtc|nvJitLink)/.test(library)) return `CUDA ${major}`;
  // These have numbers of their own.
  return /^libcu(fft|rand|sparse|solver)/.test(library) ? 'other libraries of CUDA' : 'the system';
}

/** Whether the system's loader finds a library and what that needs. */
function canLoad(name: string): boolean {
  try {
    process.dlopen({ exports: {} }, name);
    return true;
  } catch (error) {
    // It was loaded, and is no module of Node.
    return /did not self-register/.test(String(error));
  }
}

// ELF, 64 bits, little-endian: the numbers are those of the System V ABI.
const headerBytes = 64;
const sectionsAt = 0x28;
const sectionBytesAt = 0x3a;
const sectionCountAt = 0x3c;
const dynamicSection = 6;
const neededEntry = 1n;
const dynamicEntryBytes = 16;

/** The libraries that an ELF file names as needed, in order. */
export function neededLibraries(path: string): string[] {
  const file = openSync(path, 'r');
  const read = (position: bigint, length: bigint): Buffer => {
    const bytes = Buffer.alloc(Number(length));
    readSync(file, bytes, { position: Number(position) });
    return bytes;
  };
  try {
    const header = read(0n, BigInt(headerBytes));
    if (header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') throw new Error(`${path} is not a 64-bit library.`);
    const [sectionBytes, count] = [header.readUInt16LE(sectionBytesAt), header.readUInt16LE(sectionCountAt)];
    const sections = read(header.readBigUInt64LE(sectionsAt), BigInt(sectionBytes * count));
    /** The bytes of a section, and the number of the one that it refers to. */
    const section = (index: number) => {
      const start = index * sectionBytes;
      const [offset, size] = [sections.readBigUInt64LE(start + 0x18), sections.readBigUInt64LE(start + 0x20)];
      return {
        bytes: () => read(offset, size),
        type: sections.readUInt32LE(start + 4),
        link: sections.readUInt32LE(start + 0x28),
      };
    };
    const dynamic = Array.from({ length: count }, (_, index) => section(index)).find(
      ({ type }) => type === dynamicSection,
    );
    if (dynamic === undefined) return [];
    const entries = dynamic.bytes();
    const names = section(dynamic.link).bytes();
    const needed: string[] = [];
    for (let at = 0; at + dynamicEntryBytes <= entries.length; at += dynamicEntryBytes) {
      if (entries.readBigUInt64LE(at) !== neededEntry) continue;
      const start = Number(entries.readBigUInt64LE(at + 8));
      needed.push(names.toString('latin1', start, names.indexOf(0, start)));
    }
    return needed;
  } finally {
    closeSync(file);
  }
}
