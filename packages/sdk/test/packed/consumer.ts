import { execFile } from 'node:child_process';
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import rootPackage from '../../../../package.json' with { type: 'json' };
import { createProject, install, type Project } from './project.ts';

const run = promisify(execFile);
const timeoutMs = 60_000;

const packagesFolder = join(import.meta.dirname, '../../..');

export interface ConsumerOptions {
  /** The folder of the consumer's programs. */
  readonly programs?: string;
  /** The workspace's packages that are packed, by their folders. */
  readonly packages?: readonly string[];
}

/** Packs the built SDK and installs it with npm in an empty folder, next to other packages and to programs of a folder. */
export async function installConsumer(
  dependencies: Readonly<Record<string, string>>,
  { programs = join(import.meta.dirname, 'programs'), packages = ['sdk'] }: ConsumerOptions = {},
): Promise<Project> {
  const consumer = await createProject();
  try {
    const tarballs: Record<string, string> = {};
    for (const name of packages) tarballs[`@portico/${name}`] = `file:${await pack(name, consumer)}`;
    await install(consumer, { ...tarballs, ...dependencies });
    await cp(programs, consumer.folder, { recursive: true });
    return consumer;
  } catch (error) {
    await consumer[Symbol.asyncDispose]();
    throw error;
  }
}

/** Packs a package into a folder of its own in the project, as pnpm publishes it; returns the tarball's path. */
export async function pack(packed: string, { folder }: Project): Promise<string> {
  const { name, version } = rootPackage.devEngines.packageManager;
  const destination = join(folder, 'packed', packed);
  await run('npx', ['--yes', `${name}@${version}`, 'pack', '--pack-destination', destination], {
    cwd: join(packagesFolder, packed),
    timeout: timeoutMs,
  });
  const tarball = (await readdir(destination)).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`${packed} was not packed.`);
  return join(destination, tarball);
}
