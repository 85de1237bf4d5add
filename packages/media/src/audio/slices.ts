const slice = 64 * 1024;

/** The bytes of a file, 64 KiB at a time; the event loop turns in between, so that a client's leaving is seen. */
export async function* slices(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < file.length; start += slice) {
    yield file.subarray(start, start + slice);
    await new Promise((turn) => setImmediate(turn));
  }
}
