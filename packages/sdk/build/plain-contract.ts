import { join } from 'node:path';
import type { Task } from '@portico/schemas';
import { contractSource } from './contract-source.ts';
import { docComments } from './doc-comments.ts';

/** Where the contract comes from. */
export interface PlainContractOptions {
  /** The SDK's sources. */
  readonly sources: string;
  /** The compiled schemas, for their doc comments. */
  readonly schemas: string;
  readonly tasks: readonly Task[];
}

/** A bundler plugin that puts plain types and values in the place of the modules that need Zod. */
export function plainContract({ sources, schemas, tasks }: PlainContractOptions) {
  return {
    name: 'plain-contract',
    load(id: string): string | undefined {
      if (id === join(sources, 'contract.ts')) return contractSource(tasks, docComments(schemas));
      if (id === join(sources, 'task-kinds.ts')) return taskKindsSource(tasks);
      return undefined;
    },
  };
}

function taskKindsSource(tasks: readonly Task[]): string {
  const kinds = tasks.map((task) => `${task.name}: '${task.accepts.kind}'`);
  return `/** What a task can take. */
export type TaskKind = 'image' | 'audio' | 'json';
export const taskKinds: Readonly<Record<string, TaskKind>> = { ${kinds.join(', ')} };`;
}
