import { bundledTasks } from '@portico/sdk';
import {
  type CallOnScreen,
  fieldsOfObject,
  type FileOnScreen,
  keyVariable,
  listOf,
  producedFile,
  quotedText,
} from './call-on-screen.ts';

/** A program with the SDK, for Node: `node snippet.mjs`. */
export function sdkSnippet(call: CallOnScreen): string {
  const { task, input, params, streams, produces } = call;
  const values = [valueOf(input), ...(hasAny(params) ? [literal(params)] : [])].join(', ');
  const method = `portico.${task}`;
  const client = { ...call, ownTask: ownTaskOf(call) };
  if (produces !== undefined) {
    const [name, kind] = produces.startsWith('image/') ? ['picture', 'image'] : ['output', 'blob'];
    return sdkProgram(
      client,
      ["import { writeFile } from 'node:fs/promises';"],
      [
        `const ${name} = await ${method}.${kind}(${values});`,
        `await writeFile('${producedFile(produces)}', Buffer.from(await ${name}.arrayBuffer()));`,
      ],
    );
  }
  if (streams) {
    const loop = [`for await (const item of ${method}.stream(${values})) {`, '  console.log(item);', '}'];
    return sdkProgram(client, [], loop);
  }
  return sdkProgram(client, [], [`const output = await ${method}(${values});`, 'console.log(output);']);
}

/** The same over tRPC. */
export function trpcSnippet(call: CallOnScreen): string {
  const { task, input, params, streams } = call;
  const server = { ...call, ownTask: ownTaskOf(call) };
  const values = listOf('{ ', [trpcValueOf(input), ...(hasAny(params) ? [`params: ${literal(params)}`] : [])], ' }');
  const imports = 'json' in input ? [] : ["import { readFile } from 'node:fs/promises';"];
  const method = `trpc.${task}`;
  if (streams) {
    return trpcProgram(server, imports, [
      `for await (const item of await ${method}.stream.mutate(${values})) {`,
      '  console.log(item);',
      '}',
    ]);
  }
  return trpcProgram(server, imports, [
    `const output = await ${method}.infer.mutate(${values});`,
    'console.log(output);',
  ]);
}

/** An input as the SDK takes it. */
function valueOf(input: CallOnScreen['input']): string {
  if ('json' in input) return literal(input.json);
  if ('file' in input) return quotedText(pathOf(input.file));
  return literal(Object.fromEntries(Object.entries(input.files).map(([part, { file }]) => [part, pathOf(file)])));
}

/** An input as it travels over tRPC. */
function trpcValueOf(input: CallOnScreen['input']): string {
  if ('json' in input) return `input: ${literal(input.json)}`;
  const read = ({ file }: FileOnScreen): string => `{ data: await readFile(${literal(file)}) }`;
  if ('file' in input) return `file: ${read(input)}`;
  const files = Object.entries(input.files).map(([part, file]) => `${keyOf(part)}: ${read(file)}`);
  return `files: ${listOf('{ ', files, ' }')}`;
}

/** What the client has to be given of a task that is none of the bundled: its name and what it takes. */
function ownTaskOf({ task, input }: CallOnScreen): Readonly<Record<string, string>> | undefined {
  const kind = 'json' in input ? 'json' : 'files' in input ? 'form' : 'file';
  const bundled: Readonly<Record<string, string>> = bundledTasks;
  const isBundled = Object.hasOwn(bundled, task) && (kind === 'json') === (bundled[task] === 'json');
  return isBundled ? undefined : { [task]: kind };
}

type Server = Pick<CallOnScreen, 'url' | 'needsKey'>;
type ProgramServer = Server & { readonly ownTask?: Readonly<Record<string, string>> | undefined };

/** A program that begins with a client. */
export function sdkProgram(
  { ownTask, ...server }: ProgramServer,
  imports: readonly string[],
  body: readonly string[],
): string {
  const tasks = ownTask === undefined ? [] : [`tasks: ${literal(ownTask)}`];
  return program(
    [...imports, "import { createPortico } from '@portico/sdk';"],
    `const portico = createPortico(${optionsOf(server, tasks)});`,
    body,
  );
}

/** A program that begins with a tRPC client. Its types are those of the bundled tasks; for other tasks, TypeScript needs their contract. */
export function trpcProgram(
  { ownTask, ...server }: ProgramServer,
  imports: readonly string[],
  body: readonly string[],
): string {
  const note =
    ownTask === undefined
      ? ''
      : "// In TypeScript: createTRPC<typeof tasks>(…), where `tasks` is the server's contract, by `import type`.\n";
  return program(
    [...imports, "import { createTRPC } from '@portico/sdk/trpc';"],
    `${note}const trpc = createTRPC(${optionsOf(server)});`,
    body,
  );
}

const optionsOf = ({ url, needsKey }: Server, others: readonly string[] = []): string =>
  listOf('{ ', [`url: ${literal(url)}`, ...(needsKey ? [`apiKey: process.env.${keyVariable}`] : []), ...others], ' }');

const program = (imports: readonly string[], client: string, body: readonly string[]): string =>
  [...imports, '', client, '', ...body, ''].join('\n');

const hasAny = (params: object): boolean => Object.keys(params).length > 0;

/** A value as JavaScript writes it: single quotes, and names without quotes where they need none. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return quotedText(value);
  if (Array.isArray(value)) return listOf('[', value.map(literal), ']');
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = fieldsOfObject(value).map(([name, entry]) => `${keyOf(name)}: ${literal(entry)}`);
  return listOf('{ ', entries, ' }');
}

function keyOf(name: string): string {
  // Without brackets it would be the prototype.
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quotedText(name);
}

/** The SDK takes a text with a scheme for a URL. */
const pathOf = (file: string): string => (/^[a-z]+:/i.test(file) ? `./${file}` : file);
