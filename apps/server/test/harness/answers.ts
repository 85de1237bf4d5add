import type { Answer, ServedDocument } from './served-document.ts';

/** A server whose responses are checked against its own document. */
interface CheckedServer {
  readonly document: ServedDocument | Error;
  readonly outputsAreMadeUp: boolean;
  readonly answers: Answer[];
}

const servers = new Map<string, CheckedServer>();
const answers = new WeakMap<Response, Answer>();
let isChecking = false;

/**
 * From now on, answers of this server are noted, if the tests are such that check them.
 * @param key to read the document with
 * @param outputsAreMadeUp by an engine that knows no model
 */
export async function checkAnswersOf(
  url: string,
  { key, outputsAreMadeUp = false }: { key?: string | undefined; outputsAreMadeUp?: boolean },
): Promise<void> {
  if (!isChecking) return;
  // Only where it is needed: the validator takes a while to load.
  const { readDocument } = await import('./served-document.ts');
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

/** What the documents do not say about the answers since the last call. */
export function takeMistakes(): string[] {
  return [...servers].flatMap(([origin, { document, outputsAreMadeUp, answers: given }]) => {
    if (document instanceof Error) {
      servers.delete(origin);
      return [`${origin} has no document: ${document.message}`];
    }
    return given.splice(0).flatMap((answer) => {
      if (outputsAreMadeUp && answer.method === 'POST' && answer.status === 200) delete answer.body;
      const asked = `${answer.method} ${answer.target} ${answer.status}`;
      return document.mistakes(answer).map((mistake) => `${asked}: ${mistake}`);
    });
  });
}

/** From now on, sees the answers that come through `fetch`, and their bodies when a test reads them whole. */
export function startChecking(): void {
  isChecking = true;
  const originalFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await originalFetch(input, init);
    const url = new URL(response.url);
    const server = servers.get(url.origin);
    if (server === undefined || response.redirected) return response;
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const { status, headers } = response;
    const answer: Answer = { method, target: url.pathname + url.search, status, headers };
    server.answers.push(answer);
    answers.set(response, answer);
    return notingItsBody(response, answer);
  };
}

/** The response itself, which notes its body where it is read as text, JSON or bytes. */
function notingItsBody(response: Response, answer: Answer): Response {
  const read = response.arrayBuffer.bind(response);
  const arrayBuffer = async (): Promise<ArrayBuffer> => {
    const buffer = await read();
    answer.body = new TextDecoder().decode(buffer);
    return buffer;
  };
  const text = async (): Promise<string> => new TextDecoder().decode(await arrayBuffer());
  const json = async (): Promise<unknown> => JSON.parse(await text()) as unknown;
  return Object.assign(response, { arrayBuffer, text, json });
}
