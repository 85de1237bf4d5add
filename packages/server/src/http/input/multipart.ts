import { Failure, isFailure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway.ts';
import { maxBodyBytes, readAll, receiveBody, tooLarge } from './body.ts';
import { normalMediaType } from './media-type.ts';

/** The multipart parser puts this on a file part that has no content type of its own. */
const partWithoutType = 'text/plain';

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
    readParts(request, { maxFiles, maxUploadBytes, check }),
  );
}

interface PartLimits {
  readonly maxFiles: number;
  readonly maxUploadBytes: number;
  /** Throws once the body has been refused. */
  readonly check: () => void;
}

async function readParts(
  request: FastifyRequest,
  { maxFiles, maxUploadBytes, check }: PartLimits,
): Promise<MultipartInput> {
  let fileBytes = 0;
  const countFile = ({ length }: Buffer): void => {
    check();
    fileBytes += length;
    if (fileBytes > maxUploadBytes) throw tooLarge(maxUploadBytes);
  };
  const files: UploadedFile[] = [];
  const parameters: Record<string, string | string[]> = {};
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        if (part.valueTruncated)
          throw new Failure(
            'BAD_INPUT',
            `Field "${part.fieldname}" is too long. A file belongs into a part named "file".`,
          );
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
    throw malformed(error);
  }
  if (files.length === 0) throw new Failure('BAD_INPUT', 'The form has no file. Send it in a part named "file".');
  return { files, parameters };
}

function addParameter(parameters: Record<string, string | string[]>, name: string, value: unknown): void {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const before = parameters[name];
  parameters[name] = before === undefined ? text : [before, text].flat();
}

/** The parser's own errors have no codes, and are plain errors. */
function malformed(error: unknown): unknown {
  if (isFailure(error) || !(error instanceof Error) || 'code' in error) return error;
  const reason = error.name === 'Error' ? `: ${error.message.replace(/\.+$/, '')}` : '';
  return new Failure('BAD_INPUT', `The form is malformed${reason}.`, { cause: error });
}
