import { GpuStatus, ModelList, Problem, ReadyStatus, type Task } from '@portico/schemas';
import { NamedTypes } from './named-types.ts';

/** Answers that belong to no task. */
const statusSchemas = { GpuStatus, ModelList, Problem, ReadyStatus };

/**
 * A module of plain types that says what `src/contract.ts` infers from Zod, with each description as a doc comment.
 */
export function contractSource(tasks: readonly Task[], comments: ReadonlyMap<string, string>): string {
  const types = new NamedTypes();
  for (const [name, schema] of Object.entries(statusSchemas)) types.add(name, schema, 'output');
  const contracts = tasks.map((task) => {
    const comment = comments.get(task.name);
    if (comment === undefined) throw new Error(`The task ${task.name} has no doc comment.`);
    const prefix = task.name.charAt(0).toUpperCase() + task.name.slice(1);
    const input = task.accepts.kind === 'json' ? types.add(`${prefix}Input`, task.accepts.schema, 'input') : 'never';
    const params = types.add(`${prefix}Params`, task.params, 'input');
    const output = types.add(`${prefix}Output`, task.output, 'output');
    const item = task.item === undefined ? 'never' : types.add(`${prefix}Item`, task.item, 'output');
    const produces = task.produces === undefined ? 'never' : `'${task.produces.mediaType}'`;
    return `${comment}\n${task.name}: { accepts: '${task.accepts.kind}'; input: ${input}; params: ${params}; output: ${output}; item: ${item}; produces: ${produces} };`;
  });
  return [
    types.text(comments),
    `/** What each task takes and answers, under its name. */\nexport interface TaskContracts {\n${contracts.join('\n')}\n}`,
  ].join('\n\n');
}
