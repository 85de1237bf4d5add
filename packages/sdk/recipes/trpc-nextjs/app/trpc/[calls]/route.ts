const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY = '' } = process.env;

/** What browsers may call, and the headers that are passed on in each direction. */
const allowed = new Set(['models.list', 'ocr.infer']);
const requestHeaders = ['content-type', 'traceparent', 'trpc-accept', 'x-timeout-seconds'];
const responseHeaders = ['content-type', 'retry-after', 'x-request-id'];

interface Context {
  params: Promise<{ calls: string }>;
}

/** Forwards the calls of a browser as they arrive, with the key that only this server knows. */
async function forward(request: Request, { params }: Context): Promise<Response> {
  const { calls } = await params;
  if (!calls.split(',').every((call) => allowed.has(call))) return new Response(null, { status: 404 });
  const response = await fetch(`${PORTICO_URL}/trpc/${calls}${new URL(request.url).search}`, {
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
