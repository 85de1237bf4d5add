const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY = '' } = process.env;

/** What browsers may request, and the headers that are passed on in each direction. */
const allowed = new Set(['POST ocr', 'POST vad', 'GET models']);
const requestHeaders = ['accept', 'content-type', 'traceparent', 'x-timeout-seconds'];
const responseHeaders = ['content-type', 'retry-after', 'server-timing', 'x-request-id', 'x-warnings'];

/** Forwards a request of the SDK in a browser, as it arrives, with the key that only this server knows. */
async function forward(request: Request, { params }: RouteContext<'/portico/[...path]'>): Promise<Response> {
  const path = (await params).path.join('/');
  if (!allowed.has(`${request.method} ${path}`)) return new Response(null, { status: 404 });
  const response = await fetch(`${PORTICO_URL}/${path}`, {
    method: request.method,
    headers: { ...pick(request.headers, requestHeaders), 'x-api-key': PORTICO_KEY },
    body: request.body,
    duplex: 'half',
    signal: request.signal,
  } as RequestInit).catch(() => new Response(null, { status: 502 }));
  return new Response(response.body, { status: response.status, headers: pick(response.headers, responseHeaders) });
}

const pick = (headers: Headers, names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, String(headers.get(name))]] : [])));

export { forward as GET, forward as POST };
