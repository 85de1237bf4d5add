import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../packed/project.ts';

/** Where an npm package's own binary for this platform is: it comes in a package of its own, whose scope this is. */
export function binaryOf({ folder }: Project, scope: string, places: readonly string[]): string {
  const scoped = join(folder, 'node_modules', scope);
  const packages = existsSync(scoped) ? readdirSync(scoped) : [];
  const binaries = packages.flatMap((name) => places.map((place) => join(scoped, name, place)));
  const found = binaries.find((binary) => existsSync(binary));
  if (found === undefined) throw new Error(`${scope} has no binary for ${process.platform}-${process.arch}.`);
  return found;
}
