import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { explainSkip } from '../harness/measured.ts';
import { eventually } from '../harness/server-process.ts';

/** The program, or why there is none. */
type NginxProgram = { readonly command: string } | { readonly missing: string };

const run = promisify(execFile);
const fetchMs = 60_000;
const cache = fileURLToPath(new URL('../../../../node_modules/.cache/portico-nginx', import.meta.url));

/** The program; undefined, with the reason printed, where there is none. Under CI, where nothing is skipped, that fails. */
export async function nginxOrSkip(): Promise<string | undefined> {
  const program = await findNginx();
  if ('command' in program) return program.command;
  if (process.env['CI'] === 'true') throw new Error(program.missing);
  explainSkip(program.missing);
  return undefined;
}

/** An nginx that is installed, else Debian's, fetched and unpacked once into the cache, with nothing installed. */
async function findNginx(): Promise<NginxProgram> {
  const installed = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(existsSync);
  if (installed !== undefined) return { command: installed };
  const command = join(cache, 'unpacked', 'usr', 'sbin', 'nginx');
  // Written last: what was interrupted is begun again.
  const complete = join(cache, 'complete');
  if (existsSync(complete)) return { command };
  try {
    await rm(cache, { recursive: true, force: true });
    await mkdir(join(cache, 'unpacked'), { recursive: true });
    await download('nginx').catch(async () => download('nginx', await ownLists()));
    const archive = (await readdir(cache)).find((name) => name.endsWith('.deb'));
    await run('dpkg-deb', ['--extract', join(cache, archive ?? ''), join(cache, 'unpacked')]);
    await run(command, ['-v']);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return { missing: `nginx is not installed and cannot be fetched: ${stderr?.trim().split('\n').at(-1) || message}` };
  }
  await writeFile(complete, '');
  return { command };
}

const download = (name: string, options: readonly string[] = []) =>
  run('apt-get', [...options, '-o', 'APT::Sandbox::User=', 'download', name], { cwd: cache, timeout: fetchMs });

/** Where the system has no lists of packages, or this user may not renew them. */
async function ownLists(): Promise<string[]> {
  for (const folder of ['state/lists/partial', 'cache/archives/partial'])
    await mkdir(join(cache, folder), { recursive: true });
  const options = ['-o', `Dir::State=${join(cache, 'state')}`, '-o', `Dir::Cache=${join(cache, 'cache')}`];
  await run('apt-get', [...options, '-o', 'APT::Sandbox::User=', 'update'], { timeout: fetchMs });
  return options;
}

export interface Nginx extends AsyncDisposable {
  /** What it has complained about so far. */
  complaints(): Promise<string[]>;
}

/** Runs nginx with this content of its `http` block; everything that is not in it is nginx's default. */
export async function startNginx(command: string, http: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-nginx-'));
  const errorLog = join(folder, 'error.log');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  // As root its workers would be another user, who may not enter the folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const configuration = `${user} daemon off; pid nginx.pid; error_log ${errorLog} warn; events {}
http { access_log off; ${temporary.join(' ')}
${http}
}`;
  await writeFile(join(folder, 'nginx.conf'), configuration);
  const child = spawn(command, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${errors}`);
    // Written once its ports are open.
    return existsSync(join(folder, 'nginx.pid')) ? true : undefined;
  });
  return {
    complaints: async () => {
      const lines = (await readFile(errorLog, 'utf8')).split('\n');
      // Not a complaint: a body larger than its buffer goes to a file.
      return lines.filter((line) => line !== '' && !line.includes('is buffered to a temporary file'));
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
