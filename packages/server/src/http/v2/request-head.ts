import { Datatype, Failure, list, toIssues } from '@portico/schemas';
import { z } from 'zod';
import { keepsDigits, parseExactly, parseJson } from './parse-json.ts';

/** Some clients write null for what they leave out. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? undefined);

export const maxAxes = 64;

const never = (reason: string) => z.undefined({ error: reason }).optional();
const withoutSharedMemory = {
  shared_memory_region: never('Shared memory is not supported'),
  shared_memory_byte_size: never('Shared memory is not supported'),
  shared_memory_offset: never('Shared memory is not supported'),
};
export const sharedMemoryParameters = Object.keys(withoutSharedMemory);
/** Unknown parameters are ignored, as the protocol requires. */
const stateless = z
  .union([z.literal(0), z.literal('')], {
    error: 'Sequences are not supported: models keep no state between requests',
  })
  .optional();

const Input = z.object({
  name: z.string(),
  datatype: Datatype,
  shape: list(z.int().nonnegative(), { max: maxAxes }),
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
export type RequestOutput = NonNullable<RequestHead['outputs']>[number];

export interface ParsedHead {
  readonly head: RequestHead;
  /** The data of an input, with its long integers as strings where they need every digit. */
  readonly exactData: (input: number) => unknown;
}

/** Reads the JSON of an inference request. Throws `BAD_INPUT` with what is wrong with it. */
export function readHead(text: string): ParsedHead {
  const parsed = RequestHead.safeParse(parseJson(text));
  if (parsed.success) return withExactData(parsed.data, text);
  const issues = toIssues(parsed.error);
  const detail = issues.map(({ path, message }) => `${path === '' ? 'body' : path}: ${message}`).join('; ');
  throw new Failure('BAD_INPUT', detail);
}

/** @param text what the head was read from */
export function withExactData(head: RequestHead, text: string): ParsedHead {
  let exact: { readonly inputs: readonly { readonly data?: unknown }[] } | undefined;
  return {
    head,
    exactData: (input) => {
      const { datatype, data } = head.inputs[input] ?? {};
      if (datatype === undefined || !keepsDigits(datatype)) return data;
      exact ??= parseExactly(text) as typeof exact;
      return exact?.inputs[input]?.data;
    },
  };
}
