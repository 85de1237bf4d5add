import { Failure, isFailure, type Task, type TaskInput } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { clientLeft, maxBodyBytes, readAll, receiveBody, tooLarge } from './body.ts';
import { normalMediaType, type UploadedFile } from './media-type.ts';
import type { ReceivedInput } from './received.ts';

/** The multipart parser puts this on a file part that has no content type of its own. */
const partWithoutType = 'text/plain';

/** Parts of a form besides its files: more than the parameters that are accepted. */
const maxFieldParts = 130;
/** Parts of a form in all: more than the files of the largest `MAX_BATCH_ITEMS`, where each input has one. */
const maxParts = 1_200;
/** The one boundary in a content type, as long as RFC 2046 allows and some more. */
const boundaryOf = /;\s*boundary=(?:"([^"\\]{1,200})"|([^\s;"\\]{1,200}))\s*(?:;|$)/i;
const boundaryNames = /;\s*boundary\b/gi;

/** What a form ends with whose client has left: codes of the stream and of the parser. */
const brokenCodes = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'FST_MP_PREMATURE_CLOSE']);

/** Parameters of a form or a query: text, or the value of a field whose type is JSON; a name that comes twice holds a list. */
export type FormParameters = Readonly<Record<string, unknown>>;

export interface MultipartInput {
  /** At least one. */
  readonly inputs: ReceivedInput[];
  readonly parameters: FormParameters;
}

/** Reads a form: the files of `maxInputs` inputs and, as parameters, all other fields. Throws `BAD_INPUT` for any other form. */
export async function readMultipart(
  gateway: Gateway,
  request: FastifyRequest,
  { accepts }: Task,
  maxInputs: number,
): Promise<MultipartInput> {
  const { maxUploadBytes } = gateway.limits;
  const isForm = accepts.kind === 'form';
  const names = isForm ? Object.keys(accepts.parts) : ['file'];
  const options = isForm ? partOptions(names, maxInputs) : undefined;
  return receiveBody(gateway, request, maxBodyBytes('multipart/form-data', maxUploadBytes), (check) =>
    // The parser attaches itself after the one who looks at what it gets.
    Promise.race([
      tooManyParts(request, Math.min(names.length * maxInputs + maxFieldParts, maxParts)),
      readParts(request, options, { accepts, names, maxInputs, maxUploadBytes, check }),
    ]),
  );
}

/** What the parser makes of the form of a task with several files. One part too many is refused in words. */
const partOptions = (names: readonly string[], maxInputs: number) => ({
  isPartAFile: (field: string | undefined, _type: string | undefined, fileName: string | undefined) =>
    fileName !== undefined || names.includes(field ?? ''),
  limits: { files: names.length * maxInputs + 1, parts: 128 + names.length * maxInputs },
});

/** A file each, or of a form the first files of all parts, the second, and so on. */
function inputsOf({ kind }: TaskInput, files: ReadonlyMap<string, readonly UploadedFile[]>): ReceivedInput[] {
  if (kind !== 'form') return [...files.values()].flat().map((file) => ({ kind: 'file', file }));
  const counts = new Set([...files.values()].map(({ length }) => length));
  if (counts.size > 1) {
    const times = [...files].map(([name, { length }]) => `"${name}" ${length}`).join(', ');
    throw new Failure('BAD_INPUT', `Each input needs a file in each part, but they come so many times: ${times}.`);
  }
  const [count = 0] = counts;
  return Array.from({ length: count }, (_, index) => ({
    kind: 'files',
    files: Object.fromEntries([...files].map(([name, ofPart]) => [name, ofPart[index] as UploadedFile])),
  }));
}

/**
 * Rejects with `BAD_INPUT` when a form has more parts than it could need, and keeps them from the parser, which takes up to 0.1 ms for
 * each, and all 7000 that fit into one piece of the body at once.
 */
function tooManyParts({ raw, headers }: FastifyRequest, most: number): Promise<never> {
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
      for (let at = piece.indexOf(boundary); at !== -1 && parts <= most; at = piece.indexOf(boundary, at + 1))
        parts += 1;
      if (parts <= most) return;
      piece.fill(0);
      reject(new Failure('BAD_INPUT', `The form has more than ${most} parts.`));
    });
  });
}

interface PartLimits {
  readonly accepts: TaskInput;
  /** Parts that hold files. */
  readonly names: readonly string[];
  /** Files in each of them. */
  readonly maxInputs: number;
  readonly maxUploadBytes: number;
  /** Throws once the body has been refused; false once the request has been answered without its handler. */
  readonly check: () => boolean;
}

async function readParts(
  request: FastifyRequest,
  options: ReturnType<typeof partOptions> | undefined,
  { accepts, names, maxInputs, maxUploadBytes, check }: PartLimits,
): Promise<MultipartInput> {
  let fileBytes = 0;
  const countFile = ({ length }: Buffer): void => {
    if (!check()) throw clientLeft();
    fileBytes += length;
    if (fileBytes > maxUploadBytes) throw tooLarge(maxUploadBytes);
  };
  const files = new Map<string, UploadedFile[]>(names.map((name) => [name, []]));
  const parameters = new Map<string, unknown[]>();
  try {
    for await (const part of request.parts(options)) {
      // The parser's types leave it out.
      if ((part.fieldname as string | undefined) === undefined)
        throw new Failure('BAD_INPUT', `A part of the form has no name. ${partHint(names)}`);
      if (part.type === 'field') {
        if (part.valueTruncated)
          throw new Failure('BAD_INPUT', `Field "${part.fieldname}" is too long. ${partHint(names)}`);
        parameters.set(part.fieldname, [...(parameters.get(part.fieldname) ?? []), part.value]);
        continue;
      }
      const ofPart = files.get(part.fieldname);
      if (ofPart === undefined)
        throw new Failure('BAD_INPUT', `The file is in part "${part.fieldname}". ${renameHint(names)}`);
      if (ofPart.length === maxInputs) throw tooManyFiles(part.fieldname, names, maxInputs);
      const data = await readAll(part.file, countFile);
      const declared = normalMediaType(part.mimetype);
      ofPart.push({ data, mediaType: declared === partWithoutType ? '' : declared });
    }
  } catch (error) {
    throw isBroken(error) ? (request.failure ?? clientLeft()) : malformed(error);
  }
  const missing = names.find((name) => files.get(name)?.length === 0);
  if (missing === undefined) return { inputs: inputsOf(accepts, files), parameters: parametersOf(parameters) };
  const lack = names.length === 1 ? 'The form has no file.' : `The form has no file in part "${missing}".`;
  throw new Failure(
    'BAD_INPUT',
    `${lack} ${names.length === 1 ? `Send it in a part named "${missing}".` : partHint(names)}`,
  );
}

function tooManyFiles(name: string, names: readonly string[], maxInputs: number): Failure {
  const files = `${maxInputs} ${maxInputs === 1 ? 'file' : 'files'}`;
  const place = names.length === 1 ? 'per request' : `in part "${name}"`;
  return new Failure('BAD_INPUT', `Send at most ${files} ${place}.`);
}

const partHint = (names: readonly string[]): string =>
  names.length === 1
    ? `Send a file in a part named "${names[0]}".`
    : `Send a file in each of the parts ${listed(names)}.`;

const renameHint = (names: readonly string[]): string =>
  names.length === 1 ? `Name the part "${names[0]}".` : partHint(names);

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** A name that comes once has that value. */
const parametersOf = (values: ReadonlyMap<string, readonly unknown[]>): FormParameters =>
  Object.fromEntries([...values].map(([name, given]) => [name, given.length === 1 ? given[0] : given]));

const isBroken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && brokenCodes.has(String(error.code));

/** The parser's own errors have no codes, and are plain errors. */
function malformed(error: unknown): unknown {
  if (isFailure(error) || !(error instanceof Error) || 'code' in error) return error;
  const reason = error.name === 'Error' ? `: ${error.message.replace(/\.+$/, '')}` : '';
  return new Failure('BAD_INPUT', `The form is malformed${reason}.`, { cause: error });
}
