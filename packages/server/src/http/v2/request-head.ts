import { isUtf8 } from 'node:buffer';
import { Datatype, Failure, list, toIssues } from '@portico/schemas';
import { z } from 'zod';

/** Some clients write null for what they leave out. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined);

const never = (reason: string) => z.undefined({ error: reason }).optional();
const withoutSharedMemory = {
  shared_memory_region: never('Shared memory is not supported'),
  shared_memory_byte_size: never('Shared memory is not supported'),
  shared_memory_offset: never('Shared memory is not supported'),
};
/** Unknown parameters are ignored, as the protocol requires. */
const stateless = z
  .union([z.literal(0), z.literal('')], {
    error: 'Sequences are not supported: models keep no state between requests',
  })
  .optional();

const Input = z.object({
  name: z.string(),
  datatype: Datatype,
  shape: list(z.int().nonnegative(), { max: 64 }),
  parameters: maybe(z.object({ binary_data_size: z.int().nonnegative().optional(), ...withoutSharedMemory })),
  data: z.unknown().optional(),
});

const Output = z.object({
  name: z.string(),
  parameters: maybe(
    z.object({
      binary_data: z.boolean().optional(),
      classification: never('Classification is not supported: request the scores and sort them'),
      ...withoutSharedMemory,
    }),
  ),
});

/** The JSON of an inference request with Triton's extension for binary data. */
const RequestHead = z.object({
  id: maybe(z.string()),
  parameters: maybe(
    z.object({
      binary_data_output: z.boolean().optional(),
      timeout: z.int().nonnegative().optional(),
      sequence_id: stateless,
    }),
  ),
  inputs: list(Input, { max: 1_000 }),
  outputs: maybe(list(Output, { max: 1_000 })),
});
export type RequestHead = z.output<typeof RequestHead>;
export type RequestInput = RequestHead['inputs'][number];

export interface ParsedHead {
  readonly head: RequestHead;
  /** The data of an input with its long integers as strings, so that they keep every digit. */
  readonly exactData: (input: number) => unknown;
}

/** Reads the JSON of an inference request. Throws `BAD_INPUT` with what is wrong with it. */
export function readHead(bytes: Uint8Array): ParsedHead {
  if (bytes.byteLength === 0) throw new Failure('BAD_INPUT', 'The body is empty.');
  // Decoded all the same, a string in another encoding would reach the model as another string.
  if (!isUtf8(bytes)) throw new Failure('BAD_INPUT', 'The JSON in the body is not valid UTF-8.');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const value = parse(text);
  const parsed = RequestHead.safeParse(value);
  if (!parsed.success) {
    const issues = toIssues(parsed.error);
    const detail = issues.map(({ path, message }) => `${path === '' ? 'body' : path}: ${message}`).join('; ');
    throw new Failure('BAD_INPUT', detail);
  }
  let exact: { readonly inputs: readonly { readonly data?: unknown }[] } | undefined;
  return {
    head: parsed.data,
    exactData: (input) => {
      exact ??= (hasLongInteger.test(text) ? parse(withLongIntegersQuoted(text)) : value) as typeof exact;
      return exact?.inputs[input]?.data;
    },
  };
}

/** A double keeps every integer of 15 digits. */
const hasLongInteger = /\d{16}/;
const longIntegers = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** For valid JSON only, where every string has an end. Digits in strings are left alone. */
function withLongIntegersQuoted(json: string): string {
  const parts: string[] = [];
  let end = 0;
  for (let text = json.indexOf('"'); text !== -1; text = json.indexOf('"', end)) {
    parts.push(json.slice(end, text).replaceAll(longIntegers, '"$&"'));
    end = endOfText(json, text);
    parts.push(json.slice(text, end));
  }
  return [...parts, json.slice(end).replaceAll(longIntegers, '"$&"')].join('');
}

/** Not a regular expression: one that steps over millions of escapes runs out of stack. */
function endOfText(json: string, start: number): number {
  let quote = json.indexOf('"', start + 1);
  while (isEscaped(json, quote)) quote = json.indexOf('"', quote + 1);
  return quote + 1;
}

function isEscaped(json: string, quote: number): boolean {
  let first = quote;
  while (json[first - 1] === '\\') first -= 1;
  return (quote - first) % 2 === 1;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('BAD_INPUT', 'The body is not valid JSON.', { cause });
  }
}
