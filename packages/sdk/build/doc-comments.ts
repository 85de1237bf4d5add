import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const documented = /(\/\*\*(?:(?!\*\/)[^])*\*\/)\s*export (?:declare const|type) (\w+)\b/g;

/** The doc comments of a compiled package's exported constants and types, by name. */
export function docComments(folder: string): ReadonlyMap<string, string> {
  const comments = new Map<string, string>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'));
  for (const file of files) {
    for (const [, comment, name] of readFileSync(join(folder, file), 'utf8').matchAll(documented)) {
      comments.set(String(name), String(comment));
    }
  }
  return comments;
}
