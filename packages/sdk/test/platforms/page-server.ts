import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An origin that serves one page and its script. */
export interface PageServer extends AsyncDisposable {
  readonly origin: string;
  /** The same page under another name, which is another origin. */
  readonly otherOrigin: string;
}

const html = `<!doctype html>
<meta charset="utf-8">
<title>Portico</title>
<link rel="icon" href="data:,">
<input type="file" id="page"> <input type="file" id="portrait"> <input type="file" id="speech">
<button id="run">Run</button>
<pre id="report" hidden></pre>
<script type="module" src="/script.js"></script>
`;

/** Serves a page with three file inputs, a button and a script. */
export async function servePage(script: string): Promise<PageServer> {
  const files = new Map([
    ['/', { type: 'text/html; charset=utf-8', body: html }],
    ['/script.js', { type: 'text/javascript; charset=utf-8', body: script }],
  ]);
  const server = createServer(({ url = '/' }, response) => {
    const file = files.get(new URL(url, 'http://page').pathname);
    response.writeHead(file === undefined ? 404 : 200, { 'content-type': file?.type ?? 'text/plain' });
    response.end(file?.body);
  });
  server.listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    otherOrigin: `http://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
