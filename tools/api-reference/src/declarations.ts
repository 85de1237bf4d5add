import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The declarations of the built SDK. */
export const declarationsFolder = join(
  dirname(createRequire(import.meta.url).resolve('@portico/sdk/package.json')),
  'dist',
);

/** A digest of everything that the reference is made from. */
export function digestOfDeclarations(folder = declarationsFolder): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'));
  for (const file of files.sort()) hash.update(`${file}\n${readFileSync(join(folder, file), 'utf8')}\n`);
  return hash.digest('hex');
}
