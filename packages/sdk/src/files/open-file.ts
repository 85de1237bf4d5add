/** A file of the machine. */
export interface OpenedFile {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Where there is no file system. In Node `open-file.node.ts` stands in the place of this module. */
export async function openFile(path: string | URL, _signal: AbortSignal): Promise<OpenedFile> {
  throw new Error(`"${String(path).slice(0, 100)}" is a path, which is opened in Node only; here pass a File or bytes`);
}
