import { bytesOfBlob, joinBytes } from './bytes.ts';
import { isBlob, nativeForm } from './file-input.ts';
import { unusable, unusableFor } from './input-error.ts';
import { isNode, newTextEncoder } from './node.ts';
import { type Files, type FormFile, toFormFiles } from './read-file.ts';

/** The type of a file that nobody named: the server looks at the first bytes. */
const unknownType = 'application/octet-stream';

/** The body of a request. */
export interface EncodedForm {
  readonly body: FormData | Blob | Uint8Array<ArrayBuffer>;
  /** What `fetch` does not add by itself. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A part of a form: its name as it is written, and a field or a file. A field may be JSON: as text, `null` would be a word. */
type Part = readonly [name: string, value: string | FormFile, isJson?: boolean];

/** A piece of a body. */
type Piece = string | Uint8Array | Blob;

/**
 * The upload of a call, for each of its requests. Throws BAD_INPUT if what should be a file is none or cannot be read.
 *
 * The form is written here: the `FormData`, `Blob` and `Response` of a test environment are often not those of its `fetch`,
 * and Node 24's `fetch` ends the process when the sending of a `FormData` stops before its files are read to the end, and when
 * a file cannot be read (https://github.com/nodejs/undici/issues/5835). If a server rejects an upload early, its response to
 * bytes arrives far more often, too.
 */
export async function encodeUpload(files: Files, params: object, signal: AbortSignal): Promise<EncodedForm> {
  const parts = fieldsOf(params);
  for (const { part, ...file } of await toFormFiles(files, signal)) parts.push([partName(part), file]);
  return nativeFormOf(parts) ?? writeForm(parts);
}

function fieldsOf(params: object): Part[] {
  const parts: Part[] = [];
  for (const [name, value] of Object.entries(params) as [string, unknown][]) {
    const items = [value].flat();
    // A list of texts, numbers and flags is its items, each under the same name.
    for (const item of items.length > 0 && items.every((each) => typeof each !== 'object') ? items : [value]) {
      const text = typeof item === 'string' ? item : JSON.stringify(item);
      if (item !== undefined) parts.push([partName(name), text, text !== item]);
    }
  }
  return parts;
}

/** The form for React Native, if one of the files is the device's: its fetch opens such a file itself. */
function nativeFormOf(parts: readonly Part[]): EncodedForm | undefined {
  const Form = nativeForm();
  if (Form === undefined || !parts.some(([, value]) => typeof value !== 'string' && 'uri' in value.content))
    return undefined;
  const body = new Form();
  for (const [name, value] of parts) {
    if (typeof value === 'string') {
      body.append(name, value);
    } else if ('uri' in value.content) {
      // Android sends no file without a type.
      body.append(name, { uri: value.content.uri, type: value.mediaType || unknownType, name: value.name });
    } else {
      throw unusable(`${name}: in React Native all files of one form must have a uri, or none.`);
    }
  }
  return { body, headers: {} };
}

/** A form as it travels: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data. */
async function writeForm(parts: readonly Part[]): Promise<EncodedForm> {
  const boundary = newBoundary();
  const pieces: Piece[] = [];
  for (const [name, value, isJson] of parts) {
    const start = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
    if (typeof value === 'string') {
      pieces.push(`${start}${isJson === true ? '\r\nContent-Type: application/json' : ''}\r\n\r\n${value}\r\n`);
    } else {
      const type = value.mediaType || unknownType;
      const content = value.content as Uint8Array | Blob;
      pieces.push(`${start}; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, content, '\r\n');
    }
  }
  pieces.push(`--${boundary}--\r\n`);
  return { body: await bodyOf(pieces), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}

/** Long and random, so that no file has it in it. */
function newBoundary(): string {
  const { crypto } = globalThis as { readonly crypto?: Crypto };
  return `portico-form-${crypto?.getRandomValues(new Uint32Array(4)).join('') ?? `${Math.random()}${Math.random()}`}`;
}

const partName = (name: string): string => escaped(name.replace(/\r\n?|\n/g, '\r\n'));

/** As browsers write a name between quotes. */
const escaped = (name: string): string => name.replace(/["\r\n]/g, encodeURIComponent);

/** Bytes, which every `fetch` sends; in browsers and React Native a Blob of the pieces, whose files are read as they are sent. */
async function bodyOf(pieces: readonly Piece[]): Promise<Blob | Uint8Array<ArrayBuffer>> {
  if (canJoinBlobs(pieces)) return new Blob(pieces as BlobPart[]);
  return joinBytes(await Promise.all(pieces.map(bytesOf)));
}

function canJoinBlobs(pieces: readonly Piece[]): boolean {
  const blobs = pieces.filter(isBlob);
  if (isNode() || blobs.length === 0 || !blobs.every((blob) => blob instanceof Blob)) return false;
  // React Native's Blobs are made of texts and Blobs only.
  return nativeForm() === undefined || !pieces.some((piece) => ArrayBuffer.isView(piece));
}

async function bytesOf(piece: Piece): Promise<Uint8Array> {
  if (typeof piece === 'string') return newTextEncoder().encode(piece);
  if (!isBlob(piece)) return piece;
  return bytesOfBlob(piece).catch((cause: unknown) => {
    throw unusableFor('The file cannot be read', cause);
  });
}
