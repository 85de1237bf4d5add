import { isUtf8 } from 'node:buffer';
import { Failure, type FileInput } from '@portico/schemas';
import { fileTypeFromBuffer } from 'file-type';

/** What clients send when they do not know the type, among them `curl` for TIFF, WebP, WAV and others. */
const undeclared = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'application/x-www-form-urlencoded',
]);

/** Other names for accepted types. */
const aliases: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'image/jpg': 'image/jpeg',
    'image/pjpeg': 'image/jpeg',
    'image/x-png': 'image/png',
    'image/apng': 'image/png',
    'image/tif': 'image/tiff',
    'audio/x-wav': 'audio/wav',
    'audio/wave': 'audio/wav',
    'audio/vnd.wave': 'audio/wav',
    'audio/mp3': 'audio/mpeg',
    'audio/x-mp3': 'audio/mpeg',
    'audio/mpeg3': 'audio/mpeg',
    'audio/x-mpeg': 'audio/mpeg',
    'audio/x-flac': 'audio/flac',
    'audio/opus': 'audio/ogg',
    'audio/vorbis': 'audio/ogg',
    'audio/x-ogg': 'audio/ogg',
    'application/ogg': 'audio/ogg',
    'application/x-ogg': 'audio/ogg',
  }),
);

/** A file as a client sent it. */
export interface UploadedFile {
  readonly data: Uint8Array;
  /** As declared; empty if it was not. */
  readonly mediaType: string;
}

/** A content type without its parameters, under its usual name. */
export function normalMediaType(contentType: string | undefined): string {
  const bare = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return aliases.get(bare) ?? bare;
}

/** The type was not declared, so the first bytes decide. */
export const isUndeclared = (mediaType: string): boolean => undeclared.has(mediaType);

/**
 * The media type of a file: as declared, or recognised from its first bytes. Where it is not, it is `text/plain` or
 * `application/octet-stream` if the task accepts that.
 * Throws `UNSUPPORTED_MEDIA_TYPE` for one that the task does not accept.
 */
export async function mediaTypeOf(data: Uint8Array, declared: string, accepts: FileInput): Promise<string> {
  if (!isUndeclared(declared)) return checkAccepted(declared, accepts);
  const recognised = await fileTypeFromBuffer(data);
  const type = normalMediaType(recognised?.mime);
  if (recognised !== undefined && isAccepted(type, accepts)) return type;
  if (recognised === undefined && isAccepted(text, accepts) && isUtf8(data)) return text;
  if (isAccepted(anyBytes, accepts)) return anyBytes;
  if (recognised !== undefined) return checkAccepted(type, accepts);
  throw new Failure(
    'UNSUPPORTED_MEDIA_TYPE',
    `The media type of the file was not declared and could not be detected. Accepted: ${listed(accepts)}.`,
  );
}

const text = 'text/plain';
const anyBytes = 'application/octet-stream';

/** Returns the media type. Throws `UNSUPPORTED_MEDIA_TYPE` for one that the task does not accept. */
export function checkAccepted(mediaType: string, accepts: FileInput): string {
  if (isAccepted(mediaType, accepts)) return mediaType;
  throw new Failure('UNSUPPORTED_MEDIA_TYPE', `${mediaType} is not accepted. Accepted: ${listed(accepts)}.`);
}

/** Whether the task accepts a file of this type. */
export function isAccepted(mediaType: string, { mediaTypes }: FileInput): boolean {
  if (mediaTypes.includes(mediaType)) return !mediaType.endsWith('*');
  return mediaTypes.some((accepted) => {
    if (!accepted.endsWith('/*')) return normalMediaType(accepted) === mediaType;
    return mediaTypeSyntax.test(mediaType) && (accepted === '*/*' || mediaType.startsWith(accepted.slice(0, -1)));
  });
}

/** Only this is in a range of types. */
const mediaTypeSyntax = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

const listed = (accepts: FileInput): string => accepts.mediaTypes.join(', ');
