// What differs between platforms. In Node, Deno and Bun platform.node.ts replaces this module.

/** The body of a request. */
export interface EncodedForm {
  readonly body: FormData | Uint8Array<ArrayBuffer> | string;
  /** What `fetch` does not add by itself. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A file of the machine. */
export interface OpenedFile {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Browsers read the files of a form while they send it. */
export const encodeForm = async (form: FormData): Promise<EncodedForm> => ({ body: form, headers: {} });

/** There is no file system. */
export async function openFile(path: string | URL, _signal: AbortSignal): Promise<OpenedFile> {
  throw new Error(`"${String(path).slice(0, 100)}" is a path, which only Node can open: pass a File or bytes`);
}
