const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY = '' } = process.env;

/** What browsers may ask, and the headers that go there and come back. */
const open = new Set(['ocr', 'trpc/vad.stream']);
const asked = ['accept', 'content-type', 'traceparent', 'trpc-accept', 'x-timeout-seconds'];
const answered = ['content-type', 'retry-after', 'x-request-id'];

interface Context {
  params: Promise<{ path: string[] }>;
}

/** Hands a request of the SDK in a browser on, as it arrives, with the key that only this server knows. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const path = (await params).path.join('/');
  if (!open.has(path)) return new Response(null, { status: 404 });
  const answer = await fetch(`${PORTICO_URL}/${path}${new URL(request.url).search}`, {
    method: 'POST',
    headers: { ...pick(request.headers, asked), 'x-api-key': PORTICO_KEY },
    body: request.body,
    duplex: 'half',
    signal: request.signal,
  } as RequestInit).catch(() => new Response(null, { status: 502 }));
  return new Response(answer.body, { status: answer.status, headers: pick(answer.headers, answered) });
}

const pick = (headers: Headers, names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, String(headers.get(name))]] : [])));
