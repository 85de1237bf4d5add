import { PorticoError } from '../errors/portico-error.ts';
import { errorOfProblem, foreignResponse, isProblem, unreachable } from '../errors/response-error.ts';
import { newTextDecoder } from '../files/node.ts';

const eventField = /^(event|data)(?:: ?(.*))?$/s;

/** Lines end with LF, or with CRLF where a proxy wants it so. https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads the server-sent events of a stream: yields its items and returns its result. Rejects with a `PorticoError`: the
 * server's, or NETWORK if the stream ends early. See docs/streams.md.
 */
export async function* readEvents(response: Response): AsyncGenerator<unknown, unknown, void> {
  if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) throw foreignResponse(response);
  for await (const { event, data } of eventsOf(response)) {
    if (event === 'item') yield parse(data, response);
    if (event === 'result') return parse(data, response);
    if (event === 'error') {
      const problem = parse(data, response);
      throw isProblem(problem) ? errorOfProblem(problem, response) : foreignResponse(response);
    }
    // A newer server may have other events.
  }
  throw unreachable('the stream ended before its result');
}

async function* eventsOf({ body }: Response): AsyncGenerator<ServerEvent, void, void> {
  if (!body) {
    const message = 'This fetch cannot read a stream: its responses have no body. Give createPortico a fetch that can.';
    throw new PorticoError('NETWORK', message, { retryable: false });
  }
  const decoder = newTextDecoder();
  const reader = body.getReader();
  let begun = '';
  let event = '';
  let data = '';
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw unreachable(cause);
      });
      // An event that has no end yet is incomplete.
      if (done) return;
      const [first = '', ...others] = decoder.decode(value, { stream: true }).split('\n');
      // Not joined to what came before until the line ends: a result may be large.
      begun += first;
      for (const next of others) {
        const line = begun.replace(/\r$/, '');
        begun = next;
        const [, field, text = ''] = eventField.exec(line) ?? [];
        if (field === 'event') event = text;
        // JSON may begin with a line end.
        else if (field) data += `\n${text}`;
        if (line === '') {
          if (data) yield { event, data };
          event = '';
          data = '';
        }
      }
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

function parse(data: string, response: Response): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch (cause) {
    throw foreignResponse(response, cause);
  }
}
