import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { explainSkip } from './measured.ts';

const run = promisify(execFile);
const fetchMs = 120_000;
const caches = fileURLToPath(new URL('../../../../node_modules/.cache', import.meta.url));

/**
 * The path of a program of Debian's; undefined, with the reason printed, where there is none. Under CI, where nothing is skipped,
 * that fails.
 */
export async function debianProgramOrSkip(name: string, path: string): Promise<string | undefined> {
  const program = await findProgram(name, path);
  if ('command' in program) return program.command;
  if (process.env['CI'] === 'true') throw new Error(program.missing);
  explainSkip(program.missing);
  return undefined;
}

/** A program that is installed, else Debian's package, fetched and unpacked once into the cache, with nothing installed. */
async function findProgram(
  name: string,
  path: string,
): Promise<{ readonly command: string } | { readonly missing: string }> {
  const installed = [path, join('/usr/local/sbin', basename(path)), join('/usr/local/bin', basename(path))];
  const found = installed.find((each) => existsSync(each));
  if (found !== undefined) return { command: found };
  const cache = join(caches, `portico-${name}`);
  const command = join(cache, 'unpacked', path);
  // Written last: what was interrupted is begun again.
  const complete = join(cache, 'complete');
  if (existsSync(complete)) return { command };
  try {
    await rm(cache, { recursive: true, force: true });
    await mkdir(join(cache, 'unpacked'), { recursive: true });
    await download(name, cache).catch(async () => download(name, cache, await ownLists(cache)));
    const archive = (await readdir(cache)).find((file) => file.endsWith('.deb'));
    await run('dpkg-deb', ['--extract', join(cache, archive ?? ''), join(cache, 'unpacked')]);
    // It needs nothing that is not there.
    await run(command, ['--version']).catch(() => run(command, ['-v']));
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const reason = stderr?.trim().split('\n').at(-1) || message;
    return { missing: `${name} is not installed and cannot be fetched: ${reason}` };
  }
  await writeFile(complete, '');
  return { command };
}

const download = (name: string, cache: string, options: readonly string[] = []) =>
  run('apt-get', [...options, '-o', 'APT::Sandbox::User=', 'download', name], { cwd: cache, timeout: fetchMs });

/** Where the system has no lists of packages, or this user may not renew them. */
async function ownLists(cache: string): Promise<string[]> {
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    await mkdir(join(cache, folder), { recursive: true });
  const options = ['-o', `Dir::State=${join(cache, 'state')}`, '-o', `Dir::Cache=${join(cache, 'cache')}`];
  await run('apt-get', [...options, '-o', 'APT::Sandbox::User=', 'update'], { timeout: fetchMs });
  return options;
}
