import { isUtf8 } from 'node:buffer';
import { Failure, type Task, toIssues } from '@portico/schemas';
import { z } from 'zod';
import { tooLarge } from './body-reader.ts';
import { refuseManyValues } from './many-values.ts';
import { normalMediaType } from './media-type.ts';
import type { UploadedFile } from './multipart-input.ts';

export type JsonInput =
  | { readonly kind: 'file'; readonly file: UploadedFile; readonly params: unknown }
  | { readonly kind: 'value'; readonly value: unknown; readonly params: unknown };

const Body = z.strictObject({ input: z.unknown(), params: z.unknown().optional() });
const Base64File = z.strictObject({
  data: z.string(),
  mediaType: z.string().max(255).optional(),
  name: z.string().max(255).optional(),
});

/** Bytes that a JSON body of a file may have: base64 is a third longer, and there are parameters. */
export const jsonBodyLimit = (maxUploadBytes: number): number => Math.ceil(maxUploadBytes / 3) * 4 + 64 * 1024;

/** Reads `{"input": …, "params": …}`, where a file is `{"data": base64, "mediaType": …}`. */
export function readJson(task: Task, bytes: Uint8Array, maxUploadBytes: number): JsonInput {
  if (bytes.length === 0) throw new Failure('BAD_INPUT', 'The body is empty.');
  if (task.accepts.kind !== 'json') refuseManyValues(bytes);
  const { input, params } = shaped(Body, parse(bytes), []);
  if (task.accepts.kind === 'json')
    return { kind: 'value', value: shaped(task.accepts.schema, input, ['input']), params };
  const { data, mediaType } = shaped(Base64File, input, ['input']);
  const file = fromBase64(data);
  if (file.length > maxUploadBytes) throw tooLarge(maxUploadBytes);
  return { kind: 'file', file: { data: file, mediaType: normalMediaType(mediaType) }, params };
}

/** Base64 of RFC 4648, either alphabet, padded or not, in one line. */
function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Node leaves out what is not base64. To count is several times faster than to look at 28 million characters.
  const characters = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  if (characters % 4 !== 1 && bytes.length === Math.floor((characters * 3) / 4)) return bytes;
  throw new Failure('BAD_INPUT', 'input.data is not base64.');
}

function parse(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw new Failure('BAD_INPUT', 'The body is not valid UTF-8.');
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (cause) {
    throw new Failure('BAD_INPUT', 'The body is not valid JSON.', { cause });
  }
}

function shaped<Schema extends z.ZodType>(schema: Schema, value: unknown, path: readonly string[]): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error, path);
  const detail = issues.map((issue) => `${issue.path === '' ? 'body' : issue.path}: ${issue.message}`).join('; ');
  throw new Failure('INVALID_PARAMETERS', detail, { issues });
}
