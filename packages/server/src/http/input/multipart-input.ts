import { Failure, isFailure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { BodyReader } from './body-reader.ts';
import { normalMediaType } from './media-type.ts';
import type { TextParameters } from './parameters.ts';
import { type ArrivalLimits, whileArriving } from './while-arriving.ts';

export interface UploadedFile {
  readonly data: Uint8Array;
  /** As declared; empty where nothing was. */
  readonly mediaType: string;
}

export interface MultipartInput {
  readonly files: readonly UploadedFile[];
  readonly parameters: TextParameters;
}

/** The multipart parser puts this on a file part that has no content type of its own. */
const partWithoutType = 'text/plain';

/** Reads a form: its `file` parts and, as parameters, all other fields. */
export async function readMultipart(
  request: FastifyRequest,
  reader: BodyReader,
  limits: ArrivalLimits & { readonly maxFiles: number },
): Promise<MultipartInput> {
  return whileArriving(request.raw, limits, () => readParts(request, reader, limits.maxFiles));
}

async function readParts(request: FastifyRequest, reader: BodyReader, maxFiles: number): Promise<MultipartInput> {
  const files: UploadedFile[] = [];
  const parameters: Record<string, string | string[]> = {};
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.valueTruncated) throw new Failure('BAD_INPUT', `Field "${part.fieldname}" is too long.`);
        addParameter(parameters, part.fieldname, part.value);
        continue;
      }
      if (part.fieldname !== 'file')
        throw new Failure('BAD_INPUT', `The file is in part "${part.fieldname}"; name the part "file".`);
      if (files.length === maxFiles)
        throw new Failure('BAD_INPUT', `At most ${maxFiles} ${maxFiles === 1 ? 'file' : 'files'} at a time.`);
      const data = await reader.readAll(part.file);
      const declared = normalMediaType(part.mimetype);
      files.push({ data, mediaType: declared === partWithoutType ? '' : declared });
    }
  } catch (error) {
    throw malformed(reader.explain(error));
  }
  if (files.length === 0) throw new Failure('BAD_INPUT', 'The form has no file: send one in a part named "file".');
  return { files, parameters };
}

function addParameter(parameters: Record<string, string | string[]>, name: string, value: unknown): void {
  if (name === 'file') throw new Failure('BAD_INPUT', 'Part "file" holds text instead of a file.');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const before = parameters[name];
  parameters[name] = before === undefined ? text : [before, text].flat();
}

/** The parser's own complaints come without codes, and as nothing more special than errors. */
function malformed(error: unknown): unknown {
  if (isFailure(error) || !(error instanceof Error) || 'code' in error) return error;
  const complaint = error.name === 'Error' ? `: ${error.message.replace(/\.+$/, '')}` : '';
  return new Failure('BAD_INPUT', `The form is malformed${complaint}.`, { cause: error });
}
