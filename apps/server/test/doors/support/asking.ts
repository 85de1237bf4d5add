import { Problem } from '@portico/schemas';

export type Fields = Readonly<Record<string, string>>;

/** A form with a file in part `file` and fields beside it. */
export function form(file: Uint8Array | undefined, { type = 'image/png', fields = {} }: FormOptions = {}): FormData {
  const data = new FormData();
  if (file !== undefined) data.append('file', new Blob([file as BlobPart], { type }), 'page');
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

export interface FormOptions {
  readonly type?: string;
  readonly fields?: Fields;
}

export async function post(url: string, body: BodyInit, headers: Fields = {}): Promise<Response> {
  if (body instanceof FormData) return postForm(url, body, headers);
  return fetch(url, { method: 'POST', body, headers, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) });
}

/** As bytes: Node 24's `fetch` may end the process when a form is refused before all of its files are read. */
async function postForm(url: string, form: FormData, headers: Fields): Promise<Response> {
  const encoded = new Response(form);
  const type = encoded.headers.get('content-type') ?? '';
  return post(url, await encoded.arrayBuffer(), { 'content-type': type, ...headers });
}

export const postJson = (url: string, value: unknown, headers: Fields = {}): Promise<Response> =>
  post(url, JSON.stringify(value), { 'content-type': 'application/json', ...headers });

/** `{"input": …}` for a file. */
export const fileAsJson = (file: Uint8Array, mediaType?: string): { data: string; mediaType?: string } => ({
  data: Buffer.from(file).toString('base64'),
  ...(mediaType === undefined ? {} : { mediaType }),
});

/** Bytes of unknown length: they go out in chunks. */
export function streamOf(bytes: Uint8Array, chunk = 256 * 1024): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (sent >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(sent, (sent += chunk)));
    },
  });
}

/** Status and code of a problem, once it has been seen to be one and to agree with itself. */
export async function refusal(response: Response): Promise<{ status: number; code: string } & Pick<Problem, 'issues'>> {
  const problem = await problemOf(response);
  return {
    status: problem.status,
    code: problem.code,
    ...(problem.issues === undefined ? {} : { issues: problem.issues }),
  };
}

export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type');
  const text = await response.text();
  if (type !== 'application/problem+json') throw new Error(`${response.status} ${type}: ${text}`);
  const problem = Problem.strict().parse(JSON.parse(text));
  if (problem.status !== response.status) throw new Error(`${response.status} says ${problem.status}`);
  if (problem.requestId !== response.headers.get('x-request-id')) throw new Error('the request id is not the header');
  return problem;
}
