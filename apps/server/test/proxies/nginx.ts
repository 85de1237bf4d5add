import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianProgramOrSkip } from '../harness/debian-program.ts';
import { eventually } from '../harness/server-process.ts';

/** The program; undefined, with the reason printed, where there is none. */
export const nginxOrSkip = (): Promise<string | undefined> => debianProgramOrSkip('nginx', '/usr/sbin/nginx');

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
