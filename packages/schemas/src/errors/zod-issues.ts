import type { z } from 'zod';
import type { Issue } from './issue.ts';

/** Zod's issues as the API sends them: a dotted path each; an unknown name is named by its own path. */
export function toIssues(error: z.ZodError, prefix: readonly PropertyKey[] = []): Issue[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ path: path.map(String).join('.'), message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key].map(String).join('.'), message: 'Unknown parameter' }));
  });
}
