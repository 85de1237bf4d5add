import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The address for somebody at this machine. */
export function localUrl(app: FastifyInstance): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://localhost:${port}`;
}

/** A line for newcomers to paste. It goes to stderr, whatever form the log has, because stdout belongs to the log. */
export function suggestRequest(url: string): void {
  process.stderr.write(`Try: curl -F file=@samples/page.jpg ${url}/ocr\n`);
}
