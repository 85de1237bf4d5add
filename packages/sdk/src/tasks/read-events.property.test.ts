import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents } from './read-events.ts';

/** An event as any writer may write it: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream. */
interface Written {
  readonly event: string;
  /** JSON over several lines; none is an event without data, which is none. */
  readonly data: readonly string[];
  readonly lineEnd: string;
  readonly space: string;
  /** Lines that mean nothing here. */
  readonly others: readonly string[];
}

const ignored = [': a comment', ':', 'id: 1', 'id', 'retry: 9', 'dat: 7', '__proto__: 7', ' data: 7', 'DATA: 7'];
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value, null, 2).split('\n'));

const written = (event: fc.Arbitrary<string>, data: fc.Arbitrary<string[]>): fc.Arbitrary<Written> =>
  fc.record({
    event,
    data,
    lineEnd: fc.constantFrom('\n', '\r\n'),
    space: fc.constantFrom('', ' '),
    others: fc.subarray(ignored),
  });

const anyEvent = written(
  fc.constantFrom('item', 'item', 'item', 'progress', '__proto__', ''),
  fc.oneof(json, fc.constant<string[]>([])),
);

const textOf = ({ event, data, lineEnd, space, others }: Written): string =>
  [
    ...others,
    ...(event === '' ? [] : [`event:${space}${event}`]),
    // The first space after the colon is no part of the line.
    ...data.map((line) => `data:${line.startsWith(' ') ? ' ' : space}${line}`),
    '',
    '',
  ].join(lineEnd);

/** A response whose body comes in pieces that end at these places. */
function responseOf(text: string, cuts: readonly number[]): Response {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts.map((cut) => cut % bytes.length).sort((one, other) => one - other), bytes.length];
  let start = 0;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const end = ends.shift();
      if (end === undefined) return controller.close();
      controller.enqueue(bytes.slice(start, end));
      start = end;
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** What the stream yields, and at the end what it returns. */
async function read(response: Response): Promise<unknown[]> {
  const events = readEvents(response);
  const values: unknown[] = [];
  for (;;) {
    const { done, value } = await events.next();
    values.push(value);
    if (done === true) return values;
  }
}

test('events arrive as they were written, whatever their line ends are and wherever they are cut', async () => {
  const scenario = fc.record({
    mark: fc.constantFrom('', '\uFEFF'),
    events: fc.array(anyEvent, { maxLength: 4 }),
    result: written(fc.constant('result'), json),
    after: fc.array(anyEvent, { maxLength: 1 }),
    cuts: fc.array(fc.nat(1_000), { maxLength: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ mark, events, result, after, cuts }) => {
      const items = events.filter(({ event, data }) => event === 'item' && data.length > 0);
      const text = mark + [...events, result, ...after].map(textOf).join('');
      expect(await read(responseOf(text, cuts))).toEqual(
        [...items, result].map(({ data }) => JSON.parse(data.join('\n')) as unknown),
      );
    }),
    { numRuns: 150 },
  );
});

test('a stream without the empty line after its result has lost its end', async () => {
  await expect(read(responseOf('event: result\ndata: 1\n', []))).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('the stream ended before its result'),
  });
});
