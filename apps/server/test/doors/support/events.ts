import { noteBody } from '../../harness/answers.ts';

export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** The events of a `text/event-stream` body as they come; comments are left out. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerSentEvent> {
  let rest = '';
  let whole = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as ReadableStream<Uint8Array>) {
    const text = decoder.decode(chunk, { stream: true });
    whole += text;
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) if (!block.startsWith(':')) yield eventOf(block);
  }
  if (rest !== '') throw new Error(`the stream ends inside an event: ${rest}`);
  noteBody(response, whole);
}

function eventOf(block: string): ServerSentEvent {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)));
  return { id: fields['id'], event: fields['event'], data: JSON.parse(fields['data']) };
}
