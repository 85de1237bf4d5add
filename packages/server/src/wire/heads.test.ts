import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EngineInput } from '../inference.ts';
import { FrameDecoder, WireError } from './frame.ts';
import { FrameWriter } from './frame-writer.ts';
import { type Message, readMessage, writeCommand, writeReport } from './heads.ts';
import type { Report } from './messages.ts';

/** The messages that arrive when these are written. */
function messages(write: (writer: FrameWriter) => void): Message[] {
  const stream = new PassThrough();
  const writer = new FrameWriter(stream);
  write(writer);
  writer.flush();
  const arrived: Message[] = [];
  new FrameDecoder((kind, head, body) => arrived.push(readMessage(kind, head, body))).push(stream.read() as Buffer);
  return arrived;
}

const input = fc.record({
  id: fc.maxSafeNat(),
  bytes: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
  mediaType: fc.option(fc.string()),
  // -0 and undefined, which JSON cannot express, do not come from a route.
  params: fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
});

it('inputs arrive with their bytes and traits', () => {
  fc.assert(
    fc.property(fc.array(input, { minLength: 1, maxLength: 4 }), (inputs) => {
      const [message] = messages((writer) => writeCommand(writer, { type: 'send', inputs }));
      expect(message?.head).toEqual({ type: 'send', inputs });
    }),
  );
});

it('optional traits arrive too', () => {
  const inputs: EngineInput[] = [
    { id: 1, bytes: Buffer.from('[]'), mediaType: null, params: { scale: 2 }, unchecked: true, outputAs: 'items' },
  ];
  const [message] = messages((writer) => writeCommand(writer, { type: 'send', inputs }));
  expect(message?.head).toEqual({ type: 'send', inputs });
});

it('the files of a form arrive one after the other, short or long, between other inputs', () => {
  const left = Buffer.alloc(40_000, 'left');
  const right = Buffer.from('right');
  const files = [left, right].map(({ byteLength }, index) => ({ name: `part${index}`, mediaType: 'a/b', byteLength }));
  const other = { bytes: Buffer.from('[]'), mediaType: null, params: {} };
  const inputs: EngineInput[] = [
    { ...other, id: 1 },
    { id: 2, bytes: left, more: [right], files, mediaType: null, params: {} },
    { ...other, id: 3 },
  ];
  const [message] = messages((writer) => writeCommand(writer, { type: 'send', inputs }));
  const both = Buffer.concat([left, right]);
  expect(message?.head).toEqual({
    type: 'send',
    inputs: [
      { ...other, id: 1 },
      { id: 2, bytes: both, files, mediaType: null, params: {} },
      { ...other, id: 3 },
    ],
  });
});

const times = { decode: 0.125, inference: 3.01, postprocess: 0 };

it.each<Report>([
  { type: 'began', ids: [1, 2 ** 40, 3] },
  { type: 'result', id: 2 ** 40, times },
  { type: 'result', id: 3, times, warnings: ['truncated', 'firstPage'] },
  { type: 'finished', residentBytes: 5_000_000_000 },
  { type: 'item', id: 3, index: 7 },
  { type: 'failure', id: 3, code: 'BAD_INPUT', detail: 'zu groß', times },
  { type: 'progress', stage: 'loading', detail: 'loading' },
])('a report arrives as it was sent: $type', (report) => {
  const body = Buffer.from('the body');
  expect(messages((writer) => writeReport(writer, report, body))).toEqual([{ head: report, body }]);
});

it('the messages of one turn of the loop arrive in order', () => {
  const reports: Report[] = [
    { type: 'result', id: 1, times },
    { type: 'finished', residentBytes: 0 },
    { type: 'began', ids: [2] },
  ];
  const arrived = messages((writer) => {
    for (const report of reports) writeReport(writer, report, undefined);
  });
  expect(arrived.map(({ head }) => head)).toEqual(reports);
});

it.each([
  ['no JSON', 0, 'x'],
  ['of a length that its kind does not have', 3, 'short'],
  ['of an unknown kind', 9, '{}'],
])('a head %s is refused', (_what, kind, head) => {
  expect(() => readMessage(kind, Buffer.from(head), new Uint8Array())).toThrow(WireError);
});
