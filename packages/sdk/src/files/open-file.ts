import { unusable } from './unusable-input.ts';

/** A file of the machine. */
export interface OpenedFile {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Where there is no file system. In Node `open-file.node.ts` stands in the place of this module. */
export async function openFile(path: string | URL): Promise<OpenedFile> {
  throw unusable(
    `"${String(path).slice(0, 100)}" is a path, and files can be opened by their path in Node only: pass a File.`,
  );
}
