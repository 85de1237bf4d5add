import { Failure, toIssues } from '@portico/schemas';
import { z } from 'zod';
import { tooLarge } from './body.ts';
import { isUndeclared, normalMediaType, type UploadedFile } from './media-type.ts';
import { isBase64Of } from './base64.ts';
import type { SplitJson } from './split-json.ts';

/** Everything before the data. Media types are short, and so are their parameters. */
const dataUrlHead = /^data:([^,]{0,255});base64,/i;

export const Base64File = z.strictObject({
  data: z.string(),
  mediaType: z.string().max(255).optional(),
  name: z.string().max(255).optional(),
});

export interface FileSource {
  readonly parts: SplitJson['parts'];
  readonly maxUploadBytes: number;
  /** Names the text in errors. */
  readonly name?: string;
}

/** A file that JSON has as base64 or as a data URL. */
export function fileFromJson(
  { data, mediaType }: { readonly data: string; readonly mediaType?: string | undefined },
  { parts, maxUploadBytes, name = 'input.data' }: FileSource,
): UploadedFile {
  const bytesOf = (base64: string): Uint8Array => parts.get(base64) ?? fromBase64(base64, name);
  const file = /^data:/i.test(data)
    ? fromDataUrl({ data, mediaType }, name, bytesOf)
    : { data: bytesOf(data), mediaType };
  if (file.data.length > maxUploadBytes) throw tooLarge(maxUploadBytes);
  return { data: file.data, mediaType: normalMediaType(file.mediaType) };
}

/** Throws `BAD_INPUT` for what is no JSON. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('BAD_INPUT', 'The body is not valid JSON.', { cause });
  }
}

/** Throws `INVALID_PARAMETERS` with the path of each mistake. */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: readonly string[],
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error, path);
  const detail = issues.map((issue) => `${issue.path === '' ? 'body' : issue.path}: ${issue.message}`).join('; ');
  throw new Failure('INVALID_PARAMETERS', detail, { issues });
}

/** RFC 2397: `data:image/png;base64,…`, as `FileReader` and canvases write it. */
function fromDataUrl(
  { data, mediaType: declared }: { readonly data: string; readonly mediaType?: string | undefined },
  name: string,
  bytesOf: (base64: string) => Uint8Array,
): { data: Uint8Array; mediaType: string } {
  const [head, mediaType = ''] = dataUrlHead.exec(data) ?? [];
  if (head === undefined)
    throw new Failure('BAD_INPUT', `${name} is a data URL without base64. Send data:TYPE;base64,DATA.`);
  const [stated, told] = [normalMediaType(mediaType), normalMediaType(declared)];
  if (!isUndeclared(stated) && !isUndeclared(told) && stated !== told)
    throw new Failure('BAD_INPUT', `${name} is a data URL of ${stated}, but mediaType beside it is ${told}.`);
  return { data: bytesOf(data.slice(head.length)), mediaType: isUndeclared(told) ? stated : told };
}

/** Base64 of RFC 4648, either alphabet, padded or not, in one line. */
function fromBase64(text: string, name: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (isBase64Of(text, bytes.length)) return bytes;
  throw new Failure('BAD_INPUT', `${name} is not valid base64.`);
}
