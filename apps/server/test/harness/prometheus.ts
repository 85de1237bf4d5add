import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { debianProgramOrSkip } from './debian-program.ts';
import { eventually } from './server-process.ts';

/** Samples of an instant query. */
export type Samples = readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];

export interface Prometheus extends AsyncDisposable {
  readonly url: string;
  query(expression: string): Promise<Samples>;
}

/** Undefined, with the reason printed, where there is none. */
export const prometheusOrSkip = (): Promise<string | undefined> =>
  debianProgramOrSkip('prometheus', '/usr/bin/prometheus');

/** A real Prometheus on a free port, in a folder of its own, with this configuration. */
export async function startPrometheus(command: string, configuration: object): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-prometheus-'));
  const port = await freePort();
  await writeFile(join(folder, 'prometheus.yml'), stringify(configuration));
  const child = spawn(
    command,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}: ${errors}`);
    const response = await fetch(`${url}/-/ready`).catch(() => undefined);
    return response?.ok === true ? true : undefined;
  });
  return {
    url,
    query: async (expression) => {
      const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
      const { status, error, data } = (await response.json()) as Answer;
      if (status !== 'success' || data === undefined) throw new Error(`${error}: ${expression}`);
      return data.result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { metric: Record<string, string>; value: [number, string] }[] };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
