import { isBytes, isWebStream, tagOf } from './kind-of.ts';
import { unusable, unusableFor } from './unusable-input.ts';

type Stream = ReadableStream<unknown> | AsyncIterable<unknown>;

/**
 * Reads a stream of bytes to its end, so that it can be sent again. Throws BAD_INPUT when it fails, is being read by
 * somebody else, or is not one of bytes; leaves it when the signal fires.
 */
export async function readStream(stream: Stream, signal: AbortSignal): Promise<Blob> {
  try {
    return new Blob(await piecesOf(stream, signal));
  } catch (cause) {
    throw unusableFor('The stream could not be read', cause);
  }
}

async function piecesOf(stream: Stream, signal: AbortSignal): Promise<BlobPart[]> {
  const pieces: BlobPart[] = [];
  const iterator = iteratorOf(stream);
  const leave = (): void => {
    // What waits for its next piece hears of `return` only after that: a stream of Node ends at once.
    (stream as { destroy?: () => void }).destroy?.();
    void Promise.resolve(iterator.return?.()).catch(() => {});
  };
  signal.addEventListener('abort', leave, { once: true });
  try {
    for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) {
      if (!isBytes(step.value)) {
        leave();
        throw unusable(
          `A stream of a file gives bytes, but this one gave a value of type ${tagOf(step.value)}: open it without an encoding.`,
        );
      }
      pieces.push(step.value as BlobPart);
    }
    signal.throwIfAborted();
    return pieces;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Not every browser lets a stream be iterated. */
function iteratorOf(stream: Stream): AsyncIterator<unknown> {
  if (!isWebStream(stream)) return stream[Symbol.asyncIterator]();
  const reader = stream.getReader();
  return {
    next: () => reader.read() as Promise<IteratorResult<unknown>>,
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
