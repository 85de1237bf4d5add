import { errorCodes, errorTable, GpuStatus, ModelList, Problem, ReadyStatus, type Task } from '@portico/schemas';
import { z } from 'zod';
import { declarationText, type JsonSchema, typeText } from './type-text.ts';

/** Outputs that belong to no task. */
const statusSchemas = { GpuStatus, ModelList, Problem, ReadyStatus };

const fileInputImport = "import type { FileInput } from './files/file-input.ts';";

/** A module with the types that `src/contract.ts` infers from Zod, written out, with each description as a doc comment. */
export function contractSource(tasks: readonly Task[], comments: ReadonlyMap<string, string>): string {
  const types = new NamedTypes();
  for (const [name, schema] of Object.entries(statusSchemas)) types.add(name, schema, 'output');
  const contracts = tasks.map((task) => {
    const comment = comments.get(task.name);
    if (comment === undefined) throw new Error(`The task ${task.name} has no doc comment.`);
    const prefix = task.name.charAt(0).toUpperCase() + task.name.slice(1);
    const { accepts } = task;
    const input = accepts.kind === 'json' ? types.add(`${prefix}Input`, accepts.schema, 'input') : filesType(accepts);
    const params = types.add(`${prefix}Params`, task.params, 'input');
    const output = types.add(`${prefix}Output`, task.output, 'output');
    const item = task.item === undefined ? 'never' : types.add(`${prefix}Item`, task.item, 'output');
    const produces = task.produces === undefined ? 'never' : `'${task.produces.mediaType}'`;
    return `${comment}\n${task.name}: { accepts: '${accepts.kind}'; input: ${input}; params: ${params}; output: ${output}; item: ${item}; produces: ${produces} };`;
  });
  return [
    ...(tasks.some(({ accepts }) => accepts.kind === 'form') ? [fileInputImport] : []),
    types.text(comments),
    `/** The contract of each bundled task, by name. */\nexport interface TaskContracts {\n${contracts.join('\n')}\n}`,
  ].join('\n\n');
}

/** The files of a form by their names; a single file has none. */
const filesType = (accepts: Exclude<Task['accepts'], { kind: 'json' }>): string =>
  accepts.kind === 'form'
    ? `{ ${Object.keys(accepts.parts)
        .map((part) => `${part}: FileInput`)
        .join('; ')} }`
    : 'never';

/** A module with the rows of `src/errors/error-facts.ts`, without the titles and meanings, for which a client has no use. */
export function errorFactsSource(): string {
  const rows = errorCodes.map((code) => {
    const { status, retryable } = errorTable[code];
    return [code, { status, retryable }] as const;
  });
  return `export const errorFacts = ${JSON.stringify(Object.fromEntries(rows))};\n`;
}

/** A module with what `src/bundled-tasks.ts` reads from the contract, written out. */
export function bundledTasksSource(tasks: readonly Task[]): string {
  const kinds = tasks.map(({ name, accepts }) => `${name}: '${accepts.kind}'`);
  return `/** What the bundled tasks take, by name: what a client knows unless it is given other tasks. For a server that has some of
 * your own beside them: \`tasks: { ...bundledTasks, count: 'json' }\`. */
export const bundledTasks = { ${kinds.join(', ')} } as const;
`;
}

/** The types that have names of their own. */
class NamedTypes {
  readonly #declarations = new Map<string, string>();

  /** Writes a schema and all it refers to; returns its own id, or this name if it has none. */
  add(name: string, schema: z.ZodType, io: 'input' | 'output'): string {
    const { $defs = {}, ...root } = z.toJSONSchema(schema, { io }) as JsonSchema;
    for (const [id, definition] of Object.entries($defs)) this.#set(id, definition);
    if (root.$ref !== undefined) return typeText(root);
    this.#set(name, root);
    return name;
  }

  #set(name: string, schema: JsonSchema): void {
    const declaration = declarationText(name, schema);
    if ((this.#declarations.get(name) ?? declaration) !== declaration) {
      throw new Error(`${name} differs as input and as output: give the two their own ids.`);
    }
    this.#declarations.set(name, declaration);
  }

  /** All declarations, each under its doc comment if it has one. */
  text(comments: ReadonlyMap<string, string>): string {
    return [...this.#declarations].map(([name, text]) => `${comments.get(name) ?? ''}\n${text}`).join('\n');
  }
}
