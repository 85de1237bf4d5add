import { z } from 'zod';

/** A code is written in JSON, in a header and in programs. */
const codePattern = /^[a-z][a-zA-Z0-9]{0,31}$/;
const maxCodes = 16;

/** A warning: the code for programs, the message for people. */
export const Warning = z
  .object({ code: z.string(), message: z.string() })
  .describe('What a model could not see or do, although it has an output.')
  .meta({ id: 'Warning' });
export type Warning = z.infer<typeof Warning>;

/** Warnings of a task by their codes, each with what it says unless the model says more. */
export type WarningMessages = Readonly<Record<string, string>>;

/** The field `warnings` of an output. A model may leave out messages, and the field itself. */
export type WarningsSchema<Code extends string = string> = z.ZodPrefault<
  z.ZodArray<z.ZodObject<{ code: z.ZodEnum<{ [Each in Code]: Each }>; message: z.ZodPrefault<z.ZodString> }>>
>;

/** The output of a task with the warnings that it declares. */
export type WithWarnings<Output extends z.ZodType, Messages> = Messages extends WarningMessages
  ? Output extends z.ZodObject<infer Shape, infer Config>
    ? z.ZodObject<
        { [Field in keyof Shape]: Shape[Field] } & { warnings: WarningsSchema<keyof Messages & string> },
        Config
      >
    : never
  : Output;

/**
 * The output with a field `warnings`. It takes over the id of the schema it extends, so that the type of the output keeps its
 * name in OpenAPI and in the SDK.
 *
 * @throws {TypeError} if the output is no object or has such a field already, for a code that is no name, and for one without a message.
 */
export function withWarnings(task: string, output: z.ZodType, messages: WarningMessages): z.ZodObject {
  const codes = Object.keys(messages);
  const wrong = codes.find((code) => !codePattern.test(code));
  const silent = codes.find((code) => typeof messages[code] !== 'string' || messages[code].trim() === '');
  const refused = (text: string) => new TypeError(`Task "${task}": ${text}`);
  if (codes.length === 0 || codes.length > maxCodes)
    throw refused(`warnings has ${codes.length} codes. Declare 1 to ${maxCodes}, or leave it out.`);
  if (wrong !== undefined) throw refused(`the code "${wrong}" of a warning must match ${codePattern.source}.`);
  if (silent !== undefined) throw refused(`the warning "${silent}" has no message. Say what it means.`);
  if (!(output instanceof z.ZodObject))
    throw refused('only an output that is an object has warnings. Make it z.object({ … }).');
  if ('warnings' in output.shape)
    throw refused('the output has a field "warnings" of its own. Remove it: the warnings of the task add it.');
  const extended = output.safeExtend({ warnings: warningsSchema(messages) });
  const { id, ...meta } = output.meta() ?? {};
  if (id !== undefined) z.globalRegistry.remove(output).add(output, meta);
  const { examples } = meta;
  return extended.meta({
    ...meta,
    ...(id === undefined ? {} : { id }),
    ...(Array.isArray(examples) ? { examples: examples.map((example: object) => ({ ...example, warnings: [] })) } : {}),
  });
}

function warningsSchema(messages: WarningMessages): z.ZodType {
  const meanings = Object.entries(messages).map(([code, message]) => `${code}: ${message}`);
  const warning = z
    .object({
      code: z.enum(Object.keys(messages)).describe(meanings.join('\n')),
      message: z.string().prefault('').describe('For people.'),
    })
    .overwrite(({ code, message }) => ({ code, message: message === '' ? (messages[code] ?? '') : message }));
  return z
    .array(warning)
    .describe('What the model could not see or do; empty as a rule.')
    .meta({ examples: [[]] })
    .prefault([]);
}
