import { type CallOnScreen, fieldsOfParams, keyVariable, producedFile } from './call-on-screen.ts';

/** A command for a POSIX shell. */
export function curlSnippet({ url, needsKey, task, input, params, streams, produces }: CallOnScreen): string {
  const options: string[] = [];
  if (needsKey) options.push(`-H "x-api-key: $${keyVariable}"`);
  if (produces !== undefined) options.push(`-H ${quoted(`accept: ${produces}`)}`, `-o ${producedFile(produces)}`);
  else if (streams) options.push('-N', "-H 'accept: text/event-stream'");
  if ('json' in input) {
    options.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify({ input: input.json, params }))}`);
  } else {
    for (const [part, { file }] of Object.entries('files' in input ? input.files : { file: input })) {
      // curl reads quotes in the name of a file as its own, and "-" as standard input.
      const name = (file === '-' ? './-' : file).replaceAll(/["\\]/g, String.raw`\$&`);
      options.push(`-F ${quoted(`${part}=@"${name}"`)}`);
    }
    // --form-string takes a value as it is, where -F would open "@name" as a file.
    for (const [field, value] of fieldsOfParams(params)) options.push(`--form-string ${quoted(`${field}=${value}`)}`);
  }
  return `${['curl --fail-with-body', ...options, quoted(`${url}/${task}`)].join(' \\\n  ')}\n`;
}

/** One word for the shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
