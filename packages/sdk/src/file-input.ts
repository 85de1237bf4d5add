/** The bytes of a file in any of the forms that programs hold them in. `Buffer` is a `Uint8Array`, `File` a `Blob`. */
export type FileData = Blob | Uint8Array | ArrayBuffer;

/** A file with what its bytes alone do not say. */
export interface NamedFile {
  readonly data: FileData;
  /**
   * Its media type: `image/png`.
   * @default the type of `data` where that is a `Blob`; otherwise the server looks at the first bytes
   */
  readonly mediaType?: string | undefined;
  /**
   * A file name for the server's logs.
   * @default the name of `data` where that is a `File`
   */
  readonly name?: string | undefined;
}

/** What a file task takes. */
export type FileInput = FileData | NamedFile;

/** A file as it goes into a form. */
export interface FormFile {
  readonly blob: Blob;
  readonly name: string;
}

/**
 * The file to send.
 *
 * @throws {TypeError} when the input is no file.
 */
export function toFormFile(input: unknown): FormFile {
  const { data, mediaType, name } = isNamedFile(input) ? input : { data: input };
  if (!isFileData(data)) {
    throw new TypeError(
      'A file is a Blob, a File, a Uint8Array, a Buffer, an ArrayBuffer or { data, mediaType?, name? } around one of ' +
        `these, but this is ${describe(input, data)}.`,
    );
  }
  checkText('mediaType', mediaType);
  checkText('name', name);
  const type = mediaType ?? (isBlob(data) ? data.type : '');
  const blob = isBlob(data) && data.type === type ? data : new Blob([data as BlobPart], { type });
  return { blob, name: name ?? (isBlob(data) && 'name' in data ? String(data.name) : 'file') };
}

/** Whether this is the bytes of a file. */
export const isFileData = (value: unknown): value is FileData =>
  isBlob(value) || ['Uint8Array', 'ArrayBuffer'].includes(tagOf(value));

const isBlob = (value: unknown): value is Blob => ['Blob', 'File'].includes(tagOf(value));

const isNamedFile = (input: unknown): input is { data: unknown; mediaType?: unknown; name?: unknown } =>
  typeof input === 'object' && input !== null && 'data' in input && !isFileData(input);

/** The tag knows its kind across realms, where `instanceof` fails. */
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1);

function checkText(field: string, value: unknown): asserts value is string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw new TypeError(`The ${field} of a file is text, but this is a value of type ${tagOf(value)}.`);
  }
}

function describe(input: unknown, data: unknown): string {
  if (isNamedFile(input)) return `an object whose data is of type ${tagOf(data)}`;
  if (typeof input === 'string') return 'a string: read the file or fetch the URL first and pass its bytes';
  return `a value of type ${tagOf(input)}`;
}
