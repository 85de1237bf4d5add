import koffi, { type LibraryHandle } from 'koffi';
import { NoDriverError } from './nvml-error.ts';

/**
 * How glibc, musl, macOS and Windows say through koffi that the file itself is not there.
 * Where only something it depends on is missing, they name that, and the reader should see the name.
 */
const ABSENT =
  /library: (cannot open shared object file: |Error loading shared library \S+: )No such file or directory$|\(no such file\)|module could not be found/i;

/** Loads the library; one that cannot be loaded means that there is no driver to ask. */
export function loadDriverLibrary(path: string): LibraryHandle {
  try {
    return koffi.load(path);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new NoDriverError(
      ABSENT.test(detail)
        ? `NVIDIA driver library ${path} not found`
        : `NVIDIA driver library ${path} cannot be loaded: ${detail}`,
      { cause },
    );
  }
}
