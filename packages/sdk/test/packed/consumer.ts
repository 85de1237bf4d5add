import { execFile } from 'node:child_process';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import rootPackage from '../../../../package.json' with { type: 'json' };
import { createProject, install, type Project } from './project.ts';

const run = promisify(execFile);
const patienceMilliseconds = 60_000;

/** The published packages that are packed, by the folders they are in. */
const packages = { '@portico/sdk': join(import.meta.dirname, '../..') };

/** Packs the built SDK and installs it with npm in an empty folder, next to other packages and to programs of a folder. */
export async function installConsumer(
  dependencies: Readonly<Record<string, string>>,
  programs = join(import.meta.dirname, 'programs'),
): Promise<Project> {
  const consumer = await createProject();
  try {
    const tarballs: Record<string, string> = {};
    for (const [name, source] of Object.entries(packages)) tarballs[name] = `file:${await pack(source, consumer)}`;
    await install(consumer, { ...tarballs, ...dependencies });
    await cp(programs, consumer.folder, { recursive: true });
    return consumer;
  } catch (error) {
    await consumer[Symbol.asyncDispose]();
    throw error;
  }
}

/** Packs a package into a folder of its own in the project, as pnpm publishes it; answers with the tarball's path. */
export async function pack(source: string, { folder }: Project): Promise<string> {
  const { name, version } = rootPackage.devEngines.packageManager;
  const destination = join(folder, 'packed', source.split(/[/\\]/).at(-1) ?? '');
  await run('npx', ['--yes', `${name}@${version}`, 'pack', '--pack-destination', destination], {
    cwd: source,
    timeout: patienceMilliseconds,
  });
  const tarball = (await readdir(destination)).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`${source} was not packed.`);
  return join(destination, tarball);
}
