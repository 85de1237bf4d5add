import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../harness/server-process.ts';
import { type HttpSide, startHttpSide } from './support/http-side.ts';
import { RawConnection } from './support/raw-connection.ts';

let app: HttpSide;

beforeAll(async () => {
  app = await startHttpSide({ clientTimeouts: { headersMs: 300, requestMs: 600 } });
});
afterAll(() => app[Symbol.asyncDispose]());

const timedOut = { status: 408, code: 'REQUEST_TIMEOUT' };

describe('408 REQUEST_TIMEOUT', () => {
  it('is the answer to headers that do not come to an end', async () => {
    using connection = await RawConnection.open(app.port);
    connection.socket.write('GET /health HTTP/1.1\r\nhost: portico\r\n');
    const { status, headers, body } = await connection.answer();
    expect(status).toBe(408);
    expect(JSON.parse(body)).toMatchObject({ ...timedOut, requestId: headers['x-request-id'] });
    expect(headers).toMatchObject({ connection: 'close', 'access-control-allow-origin': '*' });
    await connection.closed();
    expect(app.log).toContainEqual(
      expect.objectContaining({ code: 'REQUEST_TIMEOUT', requestId: headers['x-request-id'] }),
    );
  });

  it.each([
    ['a raw body', { 'content-type': 'image/png', 'content-length': 1_000 }, 'the beginning'],
    ['a chunked body', { 'content-type': 'image/png', 'transfer-encoding': 'chunked' }, '5\r\nbegin\r\n'],
    [
      'a form',
      { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 1_000 },
      '--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\nthe beginning',
    ],
    ['JSON', { 'content-type': 'application/json', 'content-length': 1_000 }, '{"input":'],
  ])('is the answer to %s that does not come to an end', async (kind, headers, part) => {
    const id = `slow-${kind.replaceAll(' ', '-')}`;
    using connection = await RawConnection.open(app.port);
    connection.request('POST /ocr', { ...headers, 'x-request-id': id }, part);
    const answer = await connection.answer();
    expect(answer.status).toBe(408);
    expect(answer.headers['x-request-id']).toBe(id);
    expect(JSON.parse(answer.body)).toMatchObject({ ...timedOut, requestId: id });
    await connection.closed();

    // A client that keeps its side open does not keep the server's memory.
    const line = await eventually(async () => app.log.find((line) => line['requestId'] === id && 'status' in line));
    expect(line).toMatchObject(timedOut);
    expect(app.log.filter((line) => line['requestId'] === id && line['level'] === 50)).toEqual([]);
    expect(app.uploads.heldBytes).toBe(0);
  });

  it('is counted as that', async () => {
    // The reader of a form learns of it when the connection has closed.
    await expect
      .poll(() => app.registry.metrics(), { timeout: 20_000 })
      .toContain('portico_requests_total{model="ocr",outcome="REQUEST_TIMEOUT"} 4');
  });

  it('does not come to a connection at rest between two requests', async () => {
    using connection = await RawConnection.open(app.port);
    connection.request('GET /health');
    expect((await connection.answer()).status).toBe(200);
    // Longer than a request may take, the interval of Node's checks included.
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    connection.request('GET /health');
    expect((await connection.answer()).status).toBe(200);
  });
});
