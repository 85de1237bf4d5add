/** What is used of Node's modules. */
interface NodeModules {
  'fs/promises': {
    readonly readFile: (path: string, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>;
  };
  path: { readonly basename: (path: string) => string };
  url: { readonly fileURLToPath: (url: string) => string };
  util: {
    readonly TextEncoder: typeof TextEncoder;
    readonly TextDecoder: typeof TextDecoder;
    readonly transferableAbortController: () => AbortController;
  };
}

/** What is used of `process`, which Deno and Bun have too. */
interface NodeProcess {
  readonly versions?: { readonly node?: string };
  getBuiltinModule?<Name extends keyof NodeModules>(name: Name): NodeModules[Name];
}

// By way of `globalThis`: bundlers replace a bare `process`, and Next.js warns of it in code for the edge.
const nodeProcess = (): NodeProcess | undefined => (globalThis as { readonly process?: NodeProcess }).process;

/** Whether this is Node, Deno or Bun, whatever a test environment has put over its globals. */
export const isNode = (): boolean => nodeProcess()?.versions?.node !== undefined;

const nodeUtil = (): NodeModules['util'] | undefined => nodeProcess()?.getBuiltinModule?.('util');

// Jest's jsdom has neither of the two classes.
export function newTextEncoder(): TextEncoder {
  const Encoder = globalThis.TextEncoder ?? nodeUtil()?.TextEncoder;
  return new Encoder();
}

export function newTextDecoder(): TextDecoder {
  const Decoder = globalThis.TextDecoder ?? nodeUtil()?.TextDecoder;
  return new Decoder();
}

/**
 * A signal of Node's own class that fires with another one, such as jsdom's, which Node's `fetch` refuses. Undefined if this is
 * not Node.
 */
export function nodeSignal(signal: AbortSignal): AbortSignal | undefined {
  const controller = nodeUtil()?.transferableAbortController();
  const abort = (): void => controller?.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return controller?.signal;
}

/** A file of the machine. */
export interface OpenedFile {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Reads a file of the machine by its path or `file:` URL, at most until the signal fires: a device may have no end. */
export async function openFile(place: string, signal: AbortSignal): Promise<OpenedFile> {
  const process = nodeProcess();
  // Looked up when it is needed, so that no bundle has Node's modules in it.
  if (process?.getBuiltinModule === undefined)
    throw new Error(`"${place.slice(0, 100)}" is a path, which only Node can open: pass a File or bytes`);
  const { fileURLToPath } = process.getBuiltinModule('url');
  const { readFile } = process.getBuiltinModule('fs/promises');
  const { basename } = process.getBuiltinModule('path');
  const path = /^file:/i.test(place) ? fileURLToPath(place) : place;
  return { bytes: await readFile(path, { signal }), name: basename(path) };
}
