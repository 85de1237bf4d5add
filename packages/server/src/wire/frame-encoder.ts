/** "PRTC": a stream that does not start with it is not ours. */
export const frameMagic = 0x50525443;
/** magic, length of the JSON head, length of the body, zero: four little-endian 32-bit words. */
export const frameHeaderLength = 16;

/**
 * One frame as chunks to write in order: header, head as JSON, then the bodies as they are, uncopied.
 * The layout is described in docs/decisions/001-wire.md.
 */
export function encodeFrame(head: unknown, bodies: readonly Uint8Array[] = []): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(head));
  const header = Buffer.alloc(frameHeaderLength);
  header.writeUInt32LE(frameMagic, 0);
  header.writeUInt32LE(json.length, 4);
  header.writeUInt32LE(
    bodies.reduce((sum, body) => sum + body.byteLength, 0),
    8,
  );
  return [Buffer.concat([header, json]), ...bodies];
}
