import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

const { resolve: find } = createRequire(import.meta.url);

/**
 * Loads the one copy of ONNX Runtime of this process and refuses any other from then on. The system takes the library of a second
 * copy for the one that is loaded, whatever its version: what follows works by chance, fails or aborts.
 * @throws when it cannot be loaded; the message says how to install it.
 */
export async function loadOnnxRuntime(): Promise<void> {
  try {
    await import('onnxruntime-node');
  } catch (error) {
    throw new Error(runtimeMissing(error), { cause: error });
  }
  refuseSecondCopies();
}

export function runtimeMissing(error: unknown): string {
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return (
    `onnxruntime-node cannot be loaded on ${process.platform} ${process.arch}: ${reason}. Its install script fetches files from ` +
    'outside the registry; where that failed, install it again without: set ONNXRUNTIME_NODE_INSTALL=skip, or put ' +
    '"allowScripts": { "onnxruntime-node": false } into package.json.'
  );
}

const nativeLibrary = /onnxruntime[^/\\]*\.node$/;

/** Replaces what `require` loads native libraries with, because nothing else sees a second copy before it is loaded. */
function refuseSecondCopies(): void {
  const own = dirname(realpathSync(find('onnxruntime-node/package.json')));
  const dlopen: (module: object, path: string, ...flags: number[]) => void = process.dlopen.bind(process);
  process.dlopen = (module: object, path: string, ...flags: number[]): void => {
    if (nativeLibrary.test(path) && !realpathSync(path).startsWith(`${own}${sep}`)) {
      throw new Error(secondCopy(own, path.replace(/([/\\]onnxruntime-node)[/\\].*$/, '$1')));
    }
    dlopen(module, path, ...flags);
  };
}

const secondCopy = (own: string, other: string): string =>
  `There are two copies of onnxruntime-node, and an engine can load one: Portico uses ${own}, and the model imports ${other}. ` +
  'Remove onnxruntime-node from the dependencies of the package that brings the second ("npm ls onnxruntime-node" lists them) ' +
  'and use Tensor from @portico/server/model and the createSession that load() is given.';
