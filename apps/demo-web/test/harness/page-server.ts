import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { freePort } from '../../../server/test/drain/support/free-port.ts';
import { eventually } from '../../../server/test/harness/server-process.ts';

/** The built page, served. */
export interface PageServer extends AsyncDisposable {
  readonly url: string;
}

const folder = join(import.meta.dirname, '../..');
const next = createRequire(join(folder, 'package.json')).resolve('next/dist/bin/next');

/** Serves what `next build` has made; the page's server names `porticoUrl` to it. */
export async function startPage(porticoUrl: string): Promise<PageServer> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const child = spawn(process.execPath, [next, 'start', '--port', String(port)], {
    cwd: folder,
    env: { ...process.env, PORTICO_URL: porticoUrl, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`The page's server ended with ${child.exitCode}: ${printed}`);
    const response = await fetch(url).catch(() => undefined);
    return response?.ok === true ? true : undefined;
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
