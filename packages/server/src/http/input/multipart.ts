import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { Failure, isFailure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { BodyPieces, clientLeft, maxBodyBytes, receiveBody, tooLarge } from './body.ts';
import { normalMediaType } from './media-type.ts';

/** Forms carry a handful of parameters; each field is short. */
const fieldLimits = { fields: 64, fieldSize: 64 * 1024, headerPairs: 32 };
/** Besides the files. */
const maxOtherParts = 128;
/** Parts of a form that the parser gets to see: more than the 1000 files of the largest `MAX_BATCH_ITEMS` and 128 others. */
const maxParts = 1_200;
/** The parser says this of a file part that has no content type of its own. */
const partWithoutType = 'text/plain';

/** The one boundary in a content type, as long as RFC 2046 allows and some more. */
const boundaryParameter = /;\s*boundary=(?:"([^"\\]{1,200})"|([^\s;"\\]{1,200}))\s*(?:;|$)/i;
const boundaryNames = /;\s*boundary\b/gi;

export interface UploadedFile {
  readonly data: Uint8Array;
  /** As declared; empty if it was not. */
  readonly mediaType: string;
}

/** Parameters as text, from a form or a query; a name that comes twice holds a list. */
export type TextParameters = Readonly<Record<string, string | readonly string[]>>;

export interface MultipartInput {
  /** At least one. */
  readonly files: UploadedFile[];
  readonly parameters: TextParameters;
}

/** Reads a form: its `file` parts and, as parameters, all other fields. Throws `BAD_INPUT` for any other form. */
export function readMultipart(gateway: Gateway, request: FastifyRequest, maxFiles: number): Promise<MultipartInput> {
  const { raw } = request;
  return receiveBody(gateway, request, maxBodyBytes('multipart/form-data', gateway.limits.maxUploadBytes), (check) => {
    const form = new Form(request.headers['content-type'] ?? '', { ...gateway.limits, maxFiles });
    const onData = (piece: Buffer): void => form.take(piece, check);
    const onEnd = (): void => form.end();
    const onClose = (): void => {
      if (!raw.readableEnded) form.refuse(request.failure ?? clientLeft());
    };
    raw.on('data', onData).once('end', onEnd).once('close', onClose);
    // The client may have left before.
    if (raw.destroyed) onClose();
    return form.result.finally(() => raw.off('data', onData).off('end', onEnd).off('close', onClose));
  });
}

interface FormLimits {
  readonly maxFiles: number;
  readonly maxBatchItems: number;
  readonly maxUploadBytes: number;
}

/**
 * A form that arrives in pieces. The parser gets each piece as it comes and says by events what it finds; an iterator over
 * parts, each a stream at the end of a pipeline, takes three times as long.
 */
class Form {
  /** Rejects with a `Failure` as soon as something is wrong. */
  readonly result: Promise<MultipartInput>;
  readonly #limits: FormLimits;
  readonly #files: { readonly pieces: BodyPieces; readonly mediaType: string }[] = [];
  readonly #parameters: Record<string, string | string[]> = {};
  #boundary = Buffer.alloc(0);
  #parser: BusboyInstance | undefined;
  #parts = 0;
  #fileBytes = 0;
  #isEmpty = true;
  #resolve!: (input: MultipartInput) => void;
  #reject!: (error: unknown) => void;

  constructor(contentType: string, limits: FormLimits) {
    this.#limits = limits;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#attempt(() => {
      this.#boundary = Buffer.from(`--${boundaryOf(contentType)}`, 'latin1');
      this.#parser = this.#openParser(contentType);
    });
  }

  /** @param check throws once the body has been refused, and returns false when it has no place any more. */
  take(piece: Buffer, check: () => boolean): void {
    this.#isEmpty = false;
    this.#attempt(() => {
      if (!check()) return;
      this.#countParts(piece);
      this.#parser?.write(piece);
    });
  }

  end(): void {
    this.#parser?.end();
  }

  /** Nothing more is parsed. */
  refuse(failure: unknown): void {
    this.#parser = undefined;
    this.#reject(failure);
  }

  #attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.refuse(malformed(error));
    }
  }

  /** The parser takes up to 0.1 ms for a part, and all 7000 that fit into one piece of the body at once. */
  #countParts(piece: Buffer): void {
    const boundary = this.#boundary;
    for (let at = piece.indexOf(boundary); at !== -1; at = piece.indexOf(boundary, at + 1)) {
      this.#parts += 1;
      if (this.#parts > maxParts) throw new Failure('BAD_INPUT', `The form has more than ${maxParts} parts.`);
    }
  }

  #openParser(contentType: string): BusboyInstance {
    const { maxBatchItems, maxUploadBytes } = this.#limits;
    const parser = new Busboy({
      headers: { 'content-type': contentType },
      limits: {
        ...fieldLimits,
        files: maxBatchItems + 1,
        parts: maxOtherParts + maxBatchItems,
        fileSize: maxUploadBytes + 1,
      },
      // A part named "file" is the file, whether or not its sender gave it a file name; fields are decoded as text.
      isPartAFile: (field, _type, fileName) => fileName !== undefined || field === 'file',
    });
    return parser
      .on('field', (name, value, _isNameCut, isCut, _encoding, type) =>
        this.#attempt(() => this.#addField(name, { value, isCut, isJson: type.startsWith('application/json') })),
      )
      .on('file', (name, file, _fileName, _encoding, type) => {
        // What is wrong with a part is wrong with the form, which says so.
        file.on('error', () => {});
        this.#attempt(() => {
          const pieces = this.#addFile(name, normalMediaType(type));
          file.on('data', (piece: Buffer) => this.#attempt(() => this.#addPiece(pieces, piece)));
        });
      })
      .on('fieldsLimit', () => this.refuse(new Failure('BAD_INPUT', 'The form has too many fields.')))
      .on('partsLimit', () => this.refuse(new Failure('BAD_INPUT', 'The form has too many parts.')))
      .on('error', (error) => {
        if (this.#isEmpty) this.#finish();
        else this.refuse(malformed(error));
      })
      .on('finish', () => this.#finish());
  }

  #addField(name: string, { value, isCut, isJson }: { value: string; isCut: boolean; isJson: boolean }): void {
    checkName(name);
    if (isCut && !isJson)
      throw new Failure('BAD_INPUT', `Field "${name}" is too long. Send a file in a part named "file".`);
    const text = isJson ? textOfJson(isCut ? '' : value) : value;
    const before = this.#parameters[name];
    this.#parameters[name] = before === undefined ? text : [before, text].flat();
  }

  #addFile(name: string, declared: string): BodyPieces {
    const { maxFiles } = this.#limits;
    checkName(name);
    if (name !== 'file') throw new Failure('BAD_INPUT', `The file is in part "${name}". Name the part "file".`);
    if (this.#files.length === maxFiles)
      throw new Failure('BAD_INPUT', `Send at most ${maxFiles} ${maxFiles === 1 ? 'file' : 'files'} per request.`);
    const pieces = new BodyPieces();
    this.#files.push({ pieces, mediaType: declared === partWithoutType ? '' : declared });
    return pieces;
  }

  #addPiece(pieces: BodyPieces, piece: Buffer): void {
    this.#fileBytes += piece.length;
    if (this.#fileBytes > this.#limits.maxUploadBytes) throw tooLarge(this.#limits.maxUploadBytes);
    pieces.add(piece);
  }

  #finish(): void {
    const files = this.#files.map(({ pieces, mediaType }) => ({ data: pieces.joined(), mediaType }));
    if (files.length === 0)
      this.refuse(new Failure('BAD_INPUT', 'The form has no file. Send it in a part named "file".'));
    else this.#resolve({ files, parameters: this.#parameters });
  }
}

/** Empty where the content type has none, which the parser says. */
function boundaryOf(contentType: string): string {
  if (!/boundary/i.test(contentType)) return '';
  const [, quoted, bare = quoted] = boundaryParameter.exec(contentType) ?? [];
  if (bare !== undefined && contentType.match(boundaryNames)?.length === 1) return bare;
  throw new Failure('BAD_INPUT', 'The form is malformed: its Content-Type needs one boundary of 1 to 200 characters.');
}

/** A name that every object has would be taken for a value of it. */
function checkName(name: string): void {
  if (name in Object.prototype) throw new Failure('BAD_INPUT', 'The form has a field with a forbidden name.');
}

/** A field that is declared as JSON, as text: a string without its quotes. */
function textOfJson(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch (cause) {
    throw new Failure('BAD_INPUT', 'A form field declared as JSON is not valid JSON.', { cause });
  }
}

/** The parser's own errors are plain errors. */
function malformed(error: unknown): unknown {
  if (isFailure(error) || !(error instanceof Error)) return error;
  const reason = error.name === 'Error' ? `: ${error.message.replace(/\.+$/, '')}` : '';
  return new Failure('BAD_INPUT', `The form is malformed${reason}.`, { cause: error });
}
