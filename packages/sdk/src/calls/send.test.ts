import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPortico } from '../create-portico.ts';

/** The parts of a browser's XMLHttpRequest that are used; a test plays the server. https://xhr.spec.whatwg.org */
class FakeRequest extends EventTarget {
  static readonly sent: FakeRequest[] = [];
  readonly headers: Record<string, string> = {};
  readonly upload = new EventTarget();
  method = '';
  url = '';
  body: unknown;
  status = 0;
  responseType = '';
  response: ArrayBuffer | null = null;
  responseURL = '';
  responseHeaders = '';
  isAborted = false;

  open(method: string, url: string): void {
    Object.assign(this, { method, url });
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getAllResponseHeaders(): string {
    return this.responseHeaders;
  }
  send(body: unknown): void {
    this.body = body;
    FakeRequest.sent.push(this);
  }
  abort(): void {
    this.isAborted = true;
    this.dispatchEvent(new Event('abort'));
  }
  fail(): void {
    this.dispatchEvent(new Event('error'));
  }
  progress(loaded: number, total: number): void {
    this.upload.dispatchEvent(Object.assign(new Event('progress'), { lengthComputable: true, loaded, total }));
  }
  respond(status: number, headers: string, body: string): void {
    Object.assign(this, {
      status,
      responseHeaders: headers,
      response: new TextEncoder().encode(body).buffer,
      responseURL: this.url,
    });
    this.dispatchEvent(new Event('load'));
  }
}

beforeEach(() => void vi.stubGlobal('XMLHttpRequest', FakeRequest));
afterEach(() => {
  vi.unstubAllGlobals();
  FakeRequest.sent.length = 0;
});

const page = { width: 1, height: 1, angle: 0, text: '', lines: [] };
const bytes = new Uint8Array([1, 2, 3]);
const asJson = 'content-type: application/json\r\nx-request-id: request-1\r\n';

/** The last request, once there are this many. */
async function sent(count = 1): Promise<FakeRequest> {
  await vi.waitFor(() => expect(FakeRequest.sent).toHaveLength(count));
  const request = FakeRequest.sent.at(-1);
  if (request === undefined) throw new Error('Nothing was sent.');
  return request;
}

const portico = createPortico({
  url: 'http://portico.invalid',
  headers: { authorization: 'Bearer key' },
  retry: { initialDelayMs: 1 },
});

test('an upload reports its progress, and its result is that of fetch', async () => {
  const reported: unknown[] = [];
  const call = portico.ocr(bytes, { words: true }, { onUploadProgress: (progress) => reported.push(progress) });
  const request = await sent();
  expect(request).toMatchObject({ method: 'POST', url: 'http://portico.invalid/ocr' });
  const { 'content-type': contentType = '', ...headers } = request.headers;
  expect(headers).toEqual({ authorization: 'Bearer key', accept: 'application/json' });
  const form = await new Response(request.body as BodyInit, { headers: { 'content-type': contentType } }).formData();
  expect([...form.keys()]).toEqual(['words', 'file']);
  request.progress(1, 3);
  request.progress(3, 3);
  request.respond(200, asJson, JSON.stringify(page));
  await expect(call).resolves.toEqual(page);
  expect(reported).toEqual([
    { loaded: 1, total: 3 },
    { loaded: 3, total: 3 },
  ]);
});

test('a rejected upload is the same error as by fetch', async () => {
  const call = portico.ocr(bytes, {}, { onUploadProgress: () => {} });
  const problem = { code: 'TOO_LARGE', status: 413, title: 'Too large', detail: 'Too many bytes.', requestId: 'r' };
  (await sent()).respond(413, 'content-type: application/problem+json\r\n', JSON.stringify(problem));
  await expect(call).rejects.toMatchObject({ code: 'TOO_LARGE', status: 413, requestId: 'r', retryable: false });
});

test('an upload that fails is retried', async () => {
  const call = portico.ocr(bytes, {}, { onUploadProgress: () => {} });
  (await sent()).fail();
  (await sent(2)).respond(502, 'content-type: text/html\r\n', '<h1>Bad gateway</h1>');
  (await sent(3)).respond(200, asJson, JSON.stringify(page));
  await expect(call).resolves.toEqual(page);
});

test('an impossible status is a failed upload', async () => {
  const call = portico.ocr(bytes, {}, { onUploadProgress: () => {}, retry: false });
  (await sent()).respond(42, asJson, '{}');
  await expect(call).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
});

test('a response that names no type has none', async () => {
  const call = portico.ocr(bytes, {}, { onUploadProgress: () => {}, retry: false });
  (await sent()).respond(502, '', 'Bad gateway');
  await expect(call).rejects.toThrow('http://portico.invalid/ocr responded 502 (no content type).');
});

test('an abort stops the upload', async () => {
  const controller = new AbortController();
  const call = portico.ocr(bytes, {}, { onUploadProgress: () => {}, signal: controller.signal });
  const request = await sent();
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
  expect(request.isAborted).toBe(true);
});

test('a deadline stops the upload', async () => {
  const call = portico.ocr(bytes, {}, { onUploadProgress: () => {}, timeoutMs: 10 });
  const request = await sent();
  await expect(call).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(request.isAborted).toBe(true);
});

test('nothing is uploaded for a call that was aborted while its headers were prepared', async () => {
  const controller = new AbortController();
  const aborting = createPortico({
    url: 'http://portico.invalid',
    headers: async () => {
      controller.abort();
      return {};
    },
  });
  const call = aborting.ocr(bytes, {}, { onUploadProgress: () => {}, signal: controller.signal });
  await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(FakeRequest.sent).toHaveLength(0);
});

test('a client with its own fetch, and an upload without onUploadProgress, use fetch', async () => {
  const fetch = async (): Promise<Response> => Response.json(page);
  const own = createPortico({ url: 'http://portico.invalid', fetch });
  await expect(own.ocr(bytes, {}, { onUploadProgress: () => {} })).resolves.toEqual(page);
  vi.stubGlobal('fetch', fetch);
  await expect(portico.ocr(bytes)).resolves.toEqual(page);
  expect(FakeRequest.sent).toHaveLength(0);
});
