import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// What any Node server is compared with: it does nothing else. It has the priority of a gateway.
const body = JSON.stringify({ status: 'ok' });
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };

const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
server.listen(0, '127.0.0.1');
process.once('message', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.once('disconnect', () => process.exit(0));
