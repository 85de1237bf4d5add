import { Failure, isFailure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { clientLeft, maxBodyBytes, readAll, receiveBody, tooLarge } from './body.ts';
import { normalMediaType } from './media-type.ts';

/** The multipart parser puts this on a file part that has no content type of its own. */
const partWithoutType = 'text/plain';

/** Parts of a form that a parser gets to see: more than the 1000 files of the largest `MAX_BATCH_ITEMS` and 128 fields. */
const maxParts = 1_200;
/** The one boundary in a content type, as long as RFC 2046 allows and some more. */
const boundaryOf = /;\s*boundary=(?:"([^"\\]{1,200})"|([^\s;"\\]{1,200}))\s*(?:;|$)/i;
const boundaryNames = /;\s*boundary\b/gi;

/** What a form ends with whose client has left: codes of the stream and of the parser. */
const brokenCodes = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'FST_MP_PREMATURE_CLOSE']);

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
export async function readMultipart(
  gateway: Gateway,
  request: FastifyRequest,
  maxFiles: number,
): Promise<MultipartInput> {
  const { maxUploadBytes } = gateway.limits;
  return receiveBody(gateway, request, maxBodyBytes('multipart/form-data', maxUploadBytes), (check) =>
    // The parser attaches itself after the one who looks at what it gets.
    Promise.race([tooManyParts(request), readParts(request, { maxFiles, maxUploadBytes, check })]),
  );
}

/**
 * Rejects with `BAD_INPUT` when a form has very many parts, and keeps them from the parser, which takes up to 0.1 ms for
 * each, and all 7000 that fit into one piece of the body at once.
 */
function tooManyParts({ raw, headers }: FastifyRequest): Promise<never> {
  const type = headers['content-type'] ?? '';
  const [, quoted, bare = quoted] = boundaryOf.exec(type) ?? [];
  return new Promise((_resolve, reject) => {
    // Without any, the parser says so.
    if (!/boundary/i.test(type)) return;
    if (bare === undefined || type.match(boundaryNames)?.length !== 1) {
      reject(
        new Failure('BAD_INPUT', 'The form is malformed: its Content-Type needs one boundary of 1 to 200 characters.'),
      );
      return;
    }
    const boundary = Buffer.from(`--${bare}`, 'latin1');
    let parts = 0;
    raw.on('data', (piece: Buffer) => {
      for (let at = piece.indexOf(boundary); at !== -1 && parts <= maxParts; at = piece.indexOf(boundary, at + 1))
        parts += 1;
      if (parts <= maxParts) return;
      piece.fill(0);
      reject(new Failure('BAD_INPUT', `The form has more than ${maxParts} parts.`));
    });
  });
}

interface PartLimits {
  readonly maxFiles: number;
  readonly maxUploadBytes: number;
  /** Throws once the body has been refused; false once the request has been answered without its handler. */
  readonly check: () => boolean;
}

async function readParts(
  request: FastifyRequest,
  { maxFiles, maxUploadBytes, check }: PartLimits,
): Promise<MultipartInput> {
  let fileBytes = 0;
  const countFile = ({ length }: Buffer): void => {
    if (!check()) throw clientLeft();
    fileBytes += length;
    if (fileBytes > maxUploadBytes) throw tooLarge(maxUploadBytes);
  };
  const files: UploadedFile[] = [];
  const parameters: Record<string, string | string[]> = {};
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.valueTruncated)
          throw new Failure('BAD_INPUT', `Field "${part.fieldname}" is too long. Send a file in a part named "file".`);
        addParameter(parameters, part.fieldname, part.value);
        continue;
      }
      if (part.fieldname !== 'file')
        throw new Failure('BAD_INPUT', `The file is in part "${part.fieldname}". Name the part "file".`);
      if (files.length === maxFiles)
        throw new Failure('BAD_INPUT', `Send at most ${maxFiles} ${maxFiles === 1 ? 'file' : 'files'} per request.`);
      const data = await readAll(part.file, countFile);
      const declared = normalMediaType(part.mimetype);
      files.push({ data, mediaType: declared === partWithoutType ? '' : declared });
    }
  } catch (error) {
    throw isBroken(error) ? (request.failure ?? clientLeft()) : malformed(error);
  }
  if (files.length === 0) throw new Failure('BAD_INPUT', 'The form has no file. Send it in a part named "file".');
  return { files, parameters };
}

function addParameter(parameters: Record<string, string | string[]>, name: string, value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const before = parameters[name];
  parameters[name] = before === undefined ? text : [before, text].flat();
}

const isBroken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && brokenCodes.has(String(error.code));

/** The parser's own errors have no codes, and are plain errors. */
function malformed(error: unknown): unknown {
  if (isFailure(error) || !(error instanceof Error) || 'code' in error) return error;
  const reason = error.name === 'Error' ? `: ${error.message.replace(/\.+$/, '')}` : '';
  return new Failure('BAD_INPUT', `The form is malformed${reason}.`, { cause: error });
}
