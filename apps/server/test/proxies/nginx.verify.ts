import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../drain/support/free-port.ts';
import { explainSkip } from '../harness/measured.ts';
import { type ServerProcess, startServer } from '../harness/server-process.ts';
import { findNginx, startNginx } from './nginx.ts';
import { drawIsReady, refusedUploads, refusingServer } from './refusals.ts';
import { sendUpload } from './send-upload.ts';

const seed = Number(process.env['PROXY_SEED'] ?? Date.now() % 1_000_000);
const program = await findNginx();
if ('missing' in program) {
  explainSkip(program.missing);
  // Where everything is tested, nothing is left out.
  if (process.env['CI'] === 'true') throw new Error(program.missing);
}

/** nginx as it comes, but for the limit of 1 MiB that would keep the uploads from the server. */
const settings = {
  'default settings, HTTP/1.0 to the servers': (servers: string) => `
    upstream portico { ${servers} }
    server { listen PORT; client_max_body_size 0; location / { proxy_pass http://portico; } }`,
  'connections to the servers kept': (servers: string) => `
    upstream portico { ${servers} keepalive 16; }
    server { listen PORT; client_max_body_size 0; location / {
      proxy_pass http://portico; proxy_http_version 1.1; proxy_set_header connection ""; } }`,
  'uploads passed on as they come': (servers: string) => `
    upstream portico { ${servers} }
    server { listen PORT; client_max_body_size 0; location / {
      proxy_pass http://portico; proxy_http_version 1.1; proxy_request_buffering off; } }`,
};

describe.skipIf('missing' in program)('stock nginx before two servers', () => {
  if ('missing' in program) return;
  let servers: ServerProcess[];
  beforeAll(async () => {
    servers = await Promise.all([startServer(refusingServer), startServer(refusingServer)]);
    await Promise.all(servers.map(({ url }) => drawIsReady(url)));
  });
  afterAll(() => Promise.all(servers?.map((server) => server[Symbol.asyncDispose]()) ?? []));

  it.each(Object.entries(settings))(
    '%s: 60 of 60 refused uploads hear why, and no server is taken out',
    async (name, http) => {
      const port = await freePort();
      const upstreams = servers.map((server) => `server 127.0.0.1:${server.port};`).join(' ');
      await using nginx = await startNginx(program.command, http(upstreams).replace('PORT', `127.0.0.1:${port}`));
      const origin = `http://127.0.0.1:${port}`;
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
