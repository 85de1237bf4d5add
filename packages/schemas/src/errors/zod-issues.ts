import type { z } from 'zod';
import { clip } from './clip.ts';
import type { Issue } from './issue.ts';

/** Nobody reads more, and a client must not be able to make the server write without end. */
const mostIssues = 20;
const longestText = 200;

/**
 * Zod's issues as the API sends them: a dotted path each; an unknown name is named by its own path. Of very many the
 * first are listed, and the last entry says how many there are.
 */
export function toIssues(error: z.ZodError, prefix: readonly PropertyKey[] = []): Issue[] {
  const issues: Issue[] = [];
  let found = 0;
  for (const issue of error.issues) {
    const path = [...prefix, ...issue.path];
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
    found += unknown?.length ?? 1;
    if (unknown === undefined) issues.push({ path: words(path), message: clip(issue.message, longestText) });
    else
      issues.push(
        ...unknown.slice(0, mostIssues).map((key) => ({ path: words([...path, key]), message: 'Unknown parameter' })),
      );
    if (issues.length >= mostIssues) break;
  }
  if (found <= mostIssues && issues.length === found) return issues;
  return [...issues.slice(0, mostIssues), { path: '', message: 'There are more mistakes than are listed here' }];
}

const words = (path: readonly PropertyKey[]): string => clip(path.map(String).join('.'), longestText);
