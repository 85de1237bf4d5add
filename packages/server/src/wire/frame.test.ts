import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameDecoder, WireError } from './frame.ts';

const message = fc.record({
  head: fc.jsonValue(),
  bodies: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 3 }),
});

/** Cuts bytes into pieces of the given lengths, over and over. */
function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
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
        fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }),
        (messages, lengths) => {
          const stream = Buffer.concat(messages.flatMap(({ head, bodies }) => encodeFrame(head, bodies)));
          const decoder = new FrameDecoder();
          const frames = cut(stream, lengths).flatMap((piece) => [...decoder.push(piece)]);
          expect(frames.map((frame) => JSON.stringify(frame.head))).toEqual(
            messages.map(({ head }) => JSON.stringify(head)),
          );
          expect(frames.map((frame) => Buffer.from(frame.body).toString('hex'))).toEqual(
            messages.map(({ bodies }) => Buffer.concat(bodies).toString('hex')),
          );
        },
      ),
    );
  });

  it('carry bodies that any typed array can view', () => {
    const decoder = new FrameDecoder();
    const [frame] = decoder.push(Buffer.concat(encodeFrame({ odd: 'x' }, [new Uint8Array(24)])));
    expect((frame?.body.byteOffset ?? 1) % 8).toBe(0);
  });

  it('with long bodies can be read to where the body stays', () => {
    const body = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
    const stream = Buffer.concat(encodeFrame({ id: 1 }, [body]));
    const decoder = new FrameDecoder();
    const scratch = new Uint8Array(1_000);
    let inPlace = 0;
    const frames = [];
    for (let start = 0; start < stream.length;) {
      const target = decoder.pendingBody?.subarray(0, 70_000) ?? scratch;
      if (target !== scratch) inPlace += 1;
      const piece = stream.subarray(start, start + target.length);
      target.set(piece);
      frames.push(...decoder.push(target.subarray(0, piece.length)));
      start += piece.length;
    }
    expect(inPlace).toBeGreaterThan(2);
    expect(frames).toHaveLength(1);
    expect(Buffer.compare(frames[0]?.body ?? scratch, body)).toBe(0);
  });

  it('are refused when the stream is garbage', () => {
    const codeOf = (bytes: Uint8Array): unknown => {
      try {
        return [...new FrameDecoder().push(bytes)];
      } catch (error) {
        return error instanceof WireError && error.code;
      }
    };
    expect(codeOf(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toBe('WRONG_MAGIC');
    const noJson = Buffer.concat(encodeFrame('head'));
    noJson.fill('x', 16);
    expect(codeOf(noJson)).toBe('WRONG_HEAD');
    const tooLong = Buffer.concat(encodeFrame('head'));
    tooLong.writeUInt32LE(0xffff_ffff, 8);
    expect(codeOf(tooLong)).toBe('WRONG_LENGTH');
  });

  it('that came before garbage arrive, though both are in one piece', () => {
    const stream = Buffer.concat([
      ...encodeFrame('first'),
      ...encodeFrame('second'),
      Buffer.from('HTTP/1.1 200 OK\r\n'),
    ]);
    const heads: unknown[] = [];
    expect(() => {
      for (const { head } of new FrameDecoder().push(stream)) heads.push(head);
    }).toThrow(WireError);
    expect(heads).toEqual(['first', 'second']);
  });
});
