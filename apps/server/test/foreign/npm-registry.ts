import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** An npm registry in memory: it takes what `npm publish` sends, and gives it to `npm install`. It knows no other packages. */
export interface NpmRegistry extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string;
  /** Packages in the order in which they were published, with the checksums that npm compares. */
  readonly published: readonly { readonly name: string; readonly integrity: string }[];
}

/** What npm calls a packument. */
interface PackageDocument {
  readonly name: string;
  readonly versions: Readonly<Record<string, unknown>>;
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly _attachments?: Readonly<Record<string, { readonly data: string }>>;
}

/** Listens on a free port of this machine. */
export async function startNpmRegistry(): Promise<NpmRegistry> {
  const documents = new Map<string, PackageDocument>();
  const tarballs = new Map<string, Buffer>();
  const published: { name: string; integrity: string }[] = [];

  const publish = ({ _attachments = {}, ...sent }: PackageDocument): number => {
    const known = documents.get(sent.name);
    if (Object.keys(sent.versions).some((version) => known?.versions[version] !== undefined)) return 409;
    for (const [file, { data }] of Object.entries(_attachments)) {
      const tarball = Buffer.from(data, 'base64');
      tarballs.set(`${sent.name}/-/${file}`, tarball);
      published.push({ name: sent.name, integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}` });
    }
    documents.set(sent.name, {
      ...sent,
      versions: { ...known?.versions, ...sent.versions },
      'dist-tags': { ...known?.['dist-tags'], ...sent['dist-tags'] },
    });
    return 201;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = decodeURIComponent(new URL(String(request.url), 'http://localhost').pathname.slice(1));
    if (request.method === 'PUT') {
      const status = publish(JSON.parse((await buffer(request)).toString()) as PackageDocument);
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    const tarball = tarballs.get(path);
    if (tarball !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarball);
      return;
    }
    const document = documents.get(path);
    response
      .writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(document ?? { error: 'Not found' }));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    published,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
