/** Whether this machine has the low byte first, as the protocol has. */
const isLittleEndian = (): boolean => new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Turns elements from the order of this machine into little-endian, or back.
 *
 * @param size bytes of an element.
 * @returns the bytes themselves where nothing is to be turned, else a copy.
 */
export function littleEndian(bytes: Uint8Array, size: number, hostIsLittle = isLittleEndian()): Uint8Array {
  if (size === 1 || hostIsLittle) return bytes;
  const turned = new Uint8Array(bytes);
  for (let start = 0; start < turned.length; start += size) turned.subarray(start, start + size).reverse();
  return turned;
}
