import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameDecoder, WireError } from './frame.ts';
import { FrameWriter } from './frame-writer.ts';

const message = fc.record({
  kind: fc.nat({ max: 9 }),
  head: fc.uint8Array({ minLength: 1, maxLength: 80 }),
  bodies: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 3 }),
});

interface SentFrame {
  readonly kind?: number;
  readonly head: Uint8Array;
  readonly bodies?: readonly Uint8Array[];
}

function add(writer: FrameWriter, { kind = 0, head, bodies = [] }: SentFrame): void {
  const bodyBytes = bodies.reduce((sum, body) => sum + body.length, 0);
  const { target, at } = writer.begin(kind, head.length, bodyBytes);
  target.set(head, at);
  for (const body of bodies) writer.addBody(body);
}

/** The bytes of frames, written at once. */
function streamOf(...frames: readonly SentFrame[]): Buffer {
  const stream = new PassThrough({ highWaterMark: 1 << 30 });
  const writer = new FrameWriter(stream);
  for (const frame of frames) add(writer, frame);
  writer.flush();
  const chunks: Buffer[] = [];
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A decoder, and the frames that it has passed on. */
function decoding() {
  const frames: { readonly kind: number; readonly head: string; readonly body: Uint8Array }[] = [];
  const decoder = new FrameDecoder((kind, head, body) => frames.push({ kind, head: head.toString('hex'), body }));
  return { decoder, frames };
}

const hex = (...parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('hex');

/** Cuts bytes into pieces of the given lengths, over and over. */
function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(bytes.subarray(start, start + length));
    start += length;
  }
  return pieces;
}

describe('frames', () => {
  it('arrive whole and in order however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
        (messages, lengths) => {
          const { decoder, frames } = decoding();
          for (const piece of cut(streamOf(...messages), lengths)) {
            // A reader uses its buffer again.
            const read = Buffer.from(piece);
            decoder.push(read);
            read.fill(0xee);
          }
          expect(frames.map(({ kind, head, body }) => ({ kind, head, body: hex(body) }))).toEqual(
            messages.map(({ kind, head, bodies }) => ({ kind, head: hex(head), body: hex(...bodies) })),
          );
        },
      ),
    );
  });

  it('carry bodies that any typed array can view', () => {
    const { decoder, frames } = decoding();
    const odd = { head: Buffer.from('odd'), bodies: [new Uint8Array(24)] };
    decoder.push(streamOf(odd, odd, odd));
    expect(frames.map(({ body }) => body.byteOffset % 8)).toEqual([0, 0, 0]);
  });

  it('with long bodies can be read to where the body stays', () => {
    const body = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    const stream = streamOf({ head: Buffer.from('long'), bodies: [body] });
    const { decoder, frames } = decoding();
    const scratch = Buffer.alloc(1_000);
    let inPlace = 0;
    for (let start = 0; start < stream.length;) {
      const target = Buffer.from(decoder.pendingBody?.buffer ?? scratch.buffer, decoder.pendingBody?.byteOffset ?? 0);
      const place = decoder.pendingBody === undefined ? scratch : target.subarray(0, 70_000);
      if (place !== scratch) inPlace += 1;
      const piece = stream.subarray(start, start + place.length);
      place.set(piece);
      decoder.push(place.subarray(0, piece.length));
      start += piece.length;
    }
    expect(inPlace).toBeGreaterThan(2);
    expect(frames).toHaveLength(1);
    expect(Buffer.compare(frames[0]?.body ?? scratch, body)).toBe(0);
  });

  it('are refused when the stream is garbage', () => {
    const codeOf = (bytes: Buffer): unknown => {
      try {
        return decoding().decoder.push(bytes);
      } catch (error) {
        return error instanceof WireError && error.code;
      }
    };
    expect(codeOf(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toBe('WRONG_MAGIC');
    const tooLong = streamOf({ head: Buffer.from('head') });
    tooLong.writeUInt32LE(0xffff_ffff, 8);
    expect(codeOf(tooLong)).toBe('WRONG_LENGTH');
  });

  it('that came before garbage arrive, though both are in one piece', () => {
    const { decoder, frames } = decoding();
    const head = Buffer.from('head');
    const stream = Buffer.concat([streamOf({ kind: 1, head }, { kind: 2, head }), Buffer.from('HTTP/1.1 200 OK\r\n')]);
    expect(() => decoder.push(stream)).toThrow(WireError);
    expect(frames.map(({ kind }) => kind)).toEqual([1, 2]);
  });
});

describe('a writer', () => {
  it('writes what is due at once in one chunk, and a long body from where it is', () => {
    const chunks: Buffer[] = [];
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) });
    const writer = new FrameWriter(stream);
    const frame = { head: Buffer.from('head'), bodies: [new Uint8Array(100)] };
    for (let index = 0; index < 10; index += 1) add(writer, frame);
    expect(writer.unreadBytes).toBe(10 * (16 + 4 + 100));
    writer.flush();
    expect([chunks.length, writer.empty, writer.unreadBytes]).toEqual([1, true, 0]);
    const long = Buffer.alloc(1_000_000);
    add(writer, { ...frame, bodies: [long] });
    writer.flush();
    expect(chunks.at(-1)?.buffer).toBe(long.buffer);
  });

  it('does not change what the system has not taken yet', () => {
    const chunks: Buffer[] = [];
    const taken: (() => void)[] = [];
    const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), taken.push(done)) });
    const writer = new FrameWriter(stream);
    const write = (text: string): void => {
      add(writer, { head: Buffer.from(text) });
      writer.flush();
    };
    write('first');
    write('second');
    taken.shift()?.();
    write('third');
    for (let done = taken.shift(); done !== undefined; done = taken.shift()) done();
    const { decoder, frames } = decoding();
    decoder.push(Buffer.concat(chunks));
    expect(frames.map(({ head }) => Buffer.from(head, 'hex').toString())).toEqual(['first', 'second', 'third']);
  });
});
