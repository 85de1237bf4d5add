import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postJson } from '../doors/support/asking.ts';
import { freePort } from '../drain/support/free-port.ts';
import { storedWeights } from '../fixtures/tasks.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { type Nginx, nginxOrSkip, startNginx } from './nginx.ts';
import { drawIsReady, refusedUploads, refusingServer } from './refusals.ts';
import { sendUpload } from './send-upload.ts';

const seed = Number(process.env['PROXY_SEED'] ?? Date.now() % 1_000_000);
const program = await nginxOrSkip();

const page = await readFile(new URL('../../../../docs/proxies.md', import.meta.url), 'utf8');
const [, recommended = ''] = /^```nginx\n(.*?)^```/ms.exec(page) ?? [];

/** nginx as it comes but for the limit of 1 MiB, which would keep the uploads from the server, and as the documentation has it. */
const settings: Readonly<Record<string, { readonly prefix?: string; readonly http: string }>> = {
  'default settings, HTTP/1.0 to the servers': {
    http: `upstream portico { server portico-1:8000; server portico-2:8000; }
      server { listen 80; client_max_body_size 0; location / { proxy_pass http://portico; } }`,
  },
  'connections to the servers kept': {
    http: `upstream portico { server portico-1:8000; server portico-2:8000; keepalive 16; }
      server { listen 80; client_max_body_size 0; location / {
        proxy_pass http://portico; proxy_http_version 1.1; proxy_set_header connection ""; } }`,
  },
  'uploads passed on as they come': {
    http: `upstream portico { server portico-1:8000; server portico-2:8000; }
      server { listen 80; client_max_body_size 0; location / {
        proxy_pass http://portico; proxy_http_version 1.1; proxy_request_buffering off; } }`,
  },
  'the settings in the documentation': { prefix: '/ml/portico', http: recommended },
};

/** Runs nginx before these servers; its origin, with the path in front of theirs. */
async function proxyBefore(
  command: string,
  { http, prefix = '' }: (typeof settings)[string],
  servers: readonly ServerProcess[],
): Promise<Nginx & { readonly origin: string }> {
  const port = await freePort();
  const here = servers.reduce(
    (text, server, index) => text.replace(`portico-${index + 1}:8000`, `127.0.0.1:${server.port}`),
    http,
  );
  const nginx = await startNginx(command, here.replace('listen 80;', `listen 127.0.0.1:${port};`));
  return { ...nginx, origin: `http://127.0.0.1:${port}${prefix}` };
}

describe.skipIf(program === undefined)('stock nginx before two servers', () => {
  if (program === undefined) return;
  let servers: ServerProcess[];
  beforeAll(async () => {
    servers = await Promise.all([startServer(refusingServer), startServer(refusingServer)]);
    await Promise.all(servers.map(({ url }) => drawIsReady(url)));
  });
  afterAll(() => Promise.all(servers?.map((server) => server[Symbol.asyncDispose]()) ?? []));

  it.each(Object.entries(settings))(
    '%s: 60 of 60 refused uploads hear why, and no server is taken out',
    async (name, setting) => {
      await using nginx = await proxyBefore(program, setting, servers);
      const { origin } = nginx;
      await using others = watchHealth(origin);

      const uploads = refusedUploads(60, seed);
      const statuses: (number | string)[] = [];
      // Four clients at a time, as many as take a server of two cores out of service.
      const waiting = uploads.entries();
      const client = async (): Promise<void> => {
        for (const [index, upload] of waiting) statuses[index] = await sendUpload(origin, upload);
      };
      await Promise.all([client(), client(), client(), client()]);
      const right = uploads.filter(({ status }, index) => statuses[index] === status);
      process.stderr.write(`measured: ${name}, seed ${seed}: ${right.length} of ${uploads.length} statuses right\n`);
      expect(statuses).toEqual(uploads.map(({ status }) => status));
      expect(await nginx.complaints()).toEqual([]);
      expect(others.statuses.filter((status) => status !== 200)).toEqual([]);
      expect(others.statuses.length).toBeGreaterThan(0);
    },
  );
});

it.skipIf(program === undefined)(
  'With the settings in the documentation nobody meets a server that still loads',
  async () => {
    if (program === undefined) return;
    const weights = await mkdtemp(join(tmpdir(), 'portico-weights-'));
    await writeFile(join(weights, storedWeights.path), storedWeights.bytes);
    await using ready = await startServer({
      MODEL_NAME: 'loading:configured',
      FIXTURE_WEIGHTS: weights,
      TRUST_PROXY: '1',
    });
    await using starting = await startServer({ MODEL_NAME: 'loading:waits' });
    await ready.ready();
    await using nginx = await proxyBefore(program, settings['the settings in the documentation'] ?? { http: '' }, [
      starting,
      ready,
    ]);

    const input = { input: { value: 21 } };
    const statuses = [];
    for (let count = 0; count < 40; count += 1)
      statuses.push((await postJson(`${nginx.origin}/loading`, input)).status);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    // Both were asked: without a second try every other request would have been refused.
    expect(starting.log.some(({ path, status }) => path === '/loading' && status === 503)).toBe(true);
    await starting[Symbol.asyncDispose]();
    const document = await (await fetch(`${nginx.origin}/openapi.json`)).json();
    expect(document).toMatchObject({ servers: [{ url: '/ml/portico' }] });
    await rm(weights, { recursive: true });
  },
);

/** Another client's view of the service while all that goes on. */
function watchHealth(origin: string): AsyncDisposable & { readonly statuses: readonly number[] } {
  const statuses: number[] = [];
  const stopping = new AbortController();
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      statuses.push((await fetch(`${origin}/health`)).status);
      await sleep(50);
    }
  })();
  return {
    statuses,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      await ended;
    },
  };
}
