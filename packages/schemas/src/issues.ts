import type { z } from 'zod';

/** Issues in one response: a person reads no more, and a client must not make the server write without end. */
const maxIssues = 20;
const maxTextLength = 200;

/** One mistake in the parameters. */
export interface Issue {
  /** Where: `params.minConfidence`; empty for the whole input. */
  readonly path: string;
  readonly message: string;
}

/**
 * Zod's issues as the API sends them: a dotted path each; an unknown name is named by its own path. Of more than 20 the
 * first 20 are listed, and one more issue says that there are others.
 */
export function toIssues(error: z.ZodError, prefix: readonly PropertyKey[] = []): Issue[] {
  const issues: Issue[] = [];
  let found = 0;
  for (const issue of error.issues) {
    const path = [...prefix, ...issue.path];
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : undefined;
    found += unknown?.length ?? 1;
    if (unknown === undefined) issues.push({ path: pathText(path), message: messageOf(issue) });
    else
      issues.push(
        ...unknown.slice(0, maxIssues).map((key) => ({ path: pathText([...path, key]), message: 'Unknown parameter' })),
      );
    if (issues.length >= maxIssues) break;
  }
  if (found <= maxIssues && issues.length === found) return issues;
  return [...issues.slice(0, maxIssues), { path: '', message: 'There are more mistakes than are listed here' }];
}

/** Zod calls a value of any type that is missing "nonoptional". */
const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_type' && issue.expected === 'nonoptional' ? 'Missing' : clip(issue.message, maxTextLength);

const pathText = (path: readonly PropertyKey[]): string => clip(path.map(String).join('.'), maxTextLength);

/** A client's text, cut to a length that fits a response and a log line. */
export const clip = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
