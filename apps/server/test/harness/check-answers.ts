import { afterEach, expect } from 'vitest';
import { type Answer, readDocument, type ServedDocument } from './served-document.ts';

/** A server whose answers are held against its own document. */
interface CheckedServer {
  readonly document: ServedDocument | Error;
  readonly outputsAreMadeUp: boolean;
  readonly answers: Answer[];
}

const servers = new Map<string, CheckedServer>();
const answers = new WeakMap<Response, Answer>();

/** Tests of doors hold every answer that they get against the OpenAPI document of the server that gave it. */
const isChecked = (): boolean => /[/\\]test[/\\](doors|v2|platforms)[/\\]/.test(expect.getState().testPath ?? '');

/**
 * From now on, answers of this server are checked, after each test.
 * @param key to read the document with
 * @param outputsAreMadeUp by an engine that knows no model
 */
export async function checkAnswersOf(
  url: string,
  { key, outputsAreMadeUp = false }: { key?: string | undefined; outputsAreMadeUp?: boolean },
): Promise<void> {
  if (!isChecked()) return;
  const document = await readDocument(url, key).catch((error: Error) => error);
  servers.set(new URL(url).origin, { document, outputsAreMadeUp, answers: [] });
}

/** Notes an answer that did not come through `fetch`. */
export function noteAnswer(url: string, answer: Answer): void {
  servers.get(new URL(url).origin)?.answers.push(answer);
}

/** Notes the whole body of a response that a test read as a stream. */
export function noteBody(response: Response, body: string): void {
  const answer = answers.get(response);
  if (answer !== undefined) answer.body = body;
}

/** Sees the answers that come through `fetch`, and their bodies when a test reads them whole. */
const originalFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const response = await originalFetch(input, init);
  const url = new URL(response.url);
  const server = servers.get(url.origin);
  if (server === undefined || response.redirected) return response;
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
  const answer: Answer = {
    method,
    target: url.pathname + url.search,
    status: response.status,
    headers: response.headers,
  };
  server.answers.push(answer);
  answers.set(response, answer);
  return readBy(response, answer);
};

/** The response itself, which notes its body where it is read as text, JSON or bytes. */
function readBy(response: Response, answer: Answer): Response {
  const read = response.arrayBuffer.bind(response);
  const bytes = async (): Promise<ArrayBuffer> => {
    const buffer = await read();
    answer.body = new TextDecoder().decode(buffer);
    return buffer;
  };
  const text = async (): Promise<string> => new TextDecoder().decode(await bytes());
  return Object.assign(response, {
    arrayBuffer: bytes,
    text,
    json: async (): Promise<unknown> => JSON.parse(await text()) as unknown,
  });
}

afterEach(() => {
  const mistakes: string[] = [];
  for (const [origin, { document: served, outputsAreMadeUp, answers: given }] of servers) {
    if (served instanceof Error) {
      mistakes.push(`${origin}: there is no document: ${served.message}`);
      servers.delete(origin);
      continue;
    }
    for (const answer of given.splice(0)) {
      if (outputsAreMadeUp && answer.method === 'POST' && answer.status === 200) delete answer.body;
      for (const mistake of served.mistakes(answer))
        mistakes.push(`${answer.method} ${answer.target} ${answer.status}: ${mistake}`);
    }
  }
  if (mistakes.length > 0) throw new Error(`/openapi.json does not describe these answers:\n${mistakes.join('\n')}`);
});
