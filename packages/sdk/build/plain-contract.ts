import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '@portico/schemas';
import { contractSource, errorFactsSource } from './contract-source.ts';

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
      if (id === join(sources, 'errors/error-facts.ts')) return errorFactsSource();
      return undefined;
    },
  };
}

/** The doc comments of a compiled package's exported constants and types, by name. */
function docComments(folder: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'));
  for (const file of files) {
    for (const [, comment, name] of readFileSync(join(folder, file), 'utf8').matchAll(documented)) {
      comments.set(String(name), String(comment));
    }
  }
  return comments;
}
