import { isUtf8 } from 'node:buffer';
import { Failure, type Task, toIssues } from '@portico/schemas';
import { z } from 'zod';
import { tooLarge } from './body.ts';
import { normalMediaType } from './media-type.ts';
import type { UploadedFile } from './multipart.ts';

/** A file and its parameters are some dozens of values; parsing a million would block every other request. */
const defaultMaxValues = 10_000;

/** What begins or separates values in JSON. Base64 has none of these, so a large file costs a quick scan only. */
const marks = [',', '{', '['];

export type JsonInput =
  | { readonly kind: 'file'; readonly file: UploadedFile; readonly params: unknown }
  | { readonly kind: 'value'; readonly value: unknown; readonly params: unknown };

/** Everything before the data. Media types are short, and so are their parameters. */
const dataUrlHead = /^data:([^,]{0,255});base64,/i;

const Body = z.strictObject({ input: z.unknown(), params: z.unknown().optional() });
const Base64File = z.strictObject({
  data: z.string(),
  mediaType: z.string().max(255).optional(),
  name: z.string().max(255).optional(),
});

/** Reads `{"input": …, "params": …}`, where a file is `{"data": base64 or a data URL, "mediaType": …}`. */
export function readJson(task: Task, bytes: Uint8Array, maxUploadBytes: number): JsonInput {
  if (bytes.length === 0) throw new Failure('BAD_INPUT', 'The body is empty.');
  if (task.accepts.kind !== 'json') checkValueCount(bytes);
  const { input, params } = checkShape(Body, parse(bytes), []);
  if (task.accepts.kind === 'json')
    return { kind: 'value', value: checkShape(task.accepts.schema, input, ['input']), params };
  const { data: text, mediaType } = checkShape(Base64File, input, ['input']);
  const file = /^data:/i.test(text) ? fromDataUrl(text, mediaType) : { data: fromBase64(text), mediaType };
  if (file.data.length > maxUploadBytes) throw tooLarge(maxUploadBytes);
  return { kind: 'file', file: { data: file.data, mediaType: normalMediaType(file.mediaType) }, params };
}

/** Throws `BAD_INPUT` for a JSON text of too many values, before it is parsed. */
export function checkValueCount(json: Uint8Array, maxValues: number = defaultMaxValues): void {
  // Each value takes at least a byte.
  if (json.byteLength <= maxValues) return;
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
  let count = 0;
  for (const mark of marks) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
      count += 1;
      if (count > maxValues) throw new Failure('BAD_INPUT', `The body contains more than ${maxValues} values.`);
    }
  }
}

function parse(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw new Failure('BAD_INPUT', 'The body is not valid UTF-8.');
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (cause) {
    throw new Failure('BAD_INPUT', 'The body is not valid JSON.', { cause });
  }
}

function checkShape<Schema extends z.ZodType>(
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
function fromDataUrl(text: string, declared: string | undefined): { data: Buffer; mediaType: string } {
  const [head, mediaType = ''] = dataUrlHead.exec(text) ?? [];
  if (head === undefined)
    throw new Failure('BAD_INPUT', 'input.data is a data URL without base64. Send data:TYPE;base64,DATA.');
  const stated = normalMediaType(mediaType);
  if (declared !== undefined && stated !== '' && stated !== normalMediaType(declared))
    throw new Failure('BAD_INPUT', `input.data is a data URL of ${stated}, and input.mediaType says ${declared}.`);
  return { data: fromBase64(text.slice(head.length)), mediaType: declared ?? mediaType };
}

/** Base64 of RFC 4648, either alphabet, padded or not, in one line. */
function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is not base64. Comparing lengths is several times faster than looking at 28 million characters.
  const characters = text.length - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  if (characters % 4 !== 1 && bytes.length === Math.floor((characters * 3) / 4)) return bytes;
  throw new Failure('BAD_INPUT', 'input.data is not valid base64.');
}
