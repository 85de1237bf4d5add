import { defectDetail, type ErrorCode, Failure, isFailure } from '@portico/schemas';

/** Errors of Fastify and its plugins that a client can bring about. */
const knownCodes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['TOO_LARGE', 'The body is larger than this server takes.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'This route does not take that content type.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['BAD_INPUT', 'The body has not the length that its header announced.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['BAD_INPUT', 'The body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['BAD_INPUT', 'The body is empty.'],
  FST_ERR_BAD_URL: ['BAD_INPUT', 'The URL cannot be read.'],
  FST_ERR_MAX_PARAM_LENGTH: ['BAD_INPUT', 'The URL is too long.'],
  FST_REQ_FILE_TOO_LARGE: ['TOO_LARGE', 'The upload is larger than this server takes.'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'This route does not take that content type.'],
  FST_PARTS_LIMIT: ['BAD_INPUT', 'The form has too many parts.'],
  FST_FILES_LIMIT: ['BAD_INPUT', 'The form has too many files.'],
  FST_FIELDS_LIMIT: ['BAD_INPUT', 'The form has too many fields.'],
  FST_PROTO_VIOLATION: ['BAD_INPUT', 'The form has a field with a forbidden name.'],
  FST_INVALID_JSON_FIELD_ERROR: ['BAD_INPUT', 'A field of the form is declared as JSON and is not.'],
  FST_MP_PREMATURE_CLOSE: ['CANCELLED', 'The client closed the connection during the upload.'],
  ECONNRESET: ['CANCELLED', 'The client closed the connection during the upload.'],
};

/** The row of the error table that a thrown value amounts to; a defect keeps its message to itself. */
export function failureOfError(error: unknown): Failure {
  if (isFailure(error) && error.code !== 'INTERNAL') return error;
  const known = error instanceof Error && 'code' in error ? knownCodes[String(error.code)] : undefined;
  if (known !== undefined) return new Failure(known[0], known[1], { cause: error });
  return new Failure('INTERNAL', defectDetail, { cause: error });
}
