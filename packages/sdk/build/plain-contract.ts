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

/** A bundler plugin that puts plain types in the place of those that need Zod. */
export function plainContract({ sources, schemas, tasks }: PlainContractOptions) {
  return {
    name: 'plain-contract',
    load(id: string): string | undefined {
      if (id === join(sources, 'contract.ts')) return contractSource(tasks, docComments(schemas));
      return undefined;
    },
  };
}
