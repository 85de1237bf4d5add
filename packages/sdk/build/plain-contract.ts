import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '@portico/schemas';
import { bundledTasksSource, contractSource, errorFactsSource } from './contract-source.ts';

/** Where the contract comes from. */
export interface PlainContractOptions {
  /** The SDK's sources. */
  readonly sources: string;
  /** The compiled schemas, for their doc comments. */
  readonly schemas: string;
  readonly tasks: readonly Task[];
}

const documented = /(\/\*\*(?:(?!\*\/)[^])*\*\/)\s*export (?:declare const|type) (\w+)\b/g;

/** A bundler plugin that replaces what needs Zod by plain types and values. */
export function plainContract({ sources, schemas, tasks }: PlainContractOptions) {
  return {
    name: 'plain-contract',
    load(id: string): string | undefined {
      if (id === join(sources, 'contract.ts')) return contractSource(tasks, docComments(schemas));
      if (id === join(sources, 'bundled-tasks.ts')) return bundledTasksSource(tasks);
      if (id === join(sources, 'errors/error-facts.ts')) return errorFactsSource();
      return undefined;
    },
  };
}

/** The doc comments of the constants and types that a compiled package exports, by name. */
function docComments(folder: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  // A build may have left files of modules that are gone.
  const modules = readFileSync(join(folder, 'index.d.ts'), 'utf8').matchAll(/ from '(\.\/.+)\.[jt]s'/g);
  for (const [, module] of modules) {
    const text = readFileSync(join(folder, `${module}.d.ts`), 'utf8');
    for (const [, comment, name] of text.matchAll(documented)) comments.set(String(name), String(comment));
  }
  return comments;
}
