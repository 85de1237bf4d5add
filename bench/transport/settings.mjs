export const megabyte = 1024 * 1024;

export const payloads = [
  { label: '1 KB', bytes: 1024, callsPerBlock: 200 },
  { label: '200 KB', bytes: 200 * 1024, callsPerBlock: 60 },
  { label: '2 MB', bytes: 2 * megabyte, callsPerBlock: 20 },
  { label: '20 MB', bytes: 20 * megabyte, callsPerBlock: 5 },
];

export const slotBytes = 20 * megabyte;
export const slotCount = 2;

/** The descriptors of an engine after standard input, output and error. */
export const frameDescriptor = 3;
export const segmentDescriptor = 4;

export const transports = /** @type {const} */ ([
  'ipc advanced',
  'ipc json base64',
  'socketpair',
  'socketpair in place',
  'socketpair reader thread',
  'shm file',
  'shm mmap',
]);

/** @typedef {(typeof transports)[number]} Transport */

/**
 * @typedef {object} Request
 * @property {number} identifier
 * @property {number} slot
 * @property {number} bytes
 * @property {number} busyMs
 * @property {'answer' | 'die after starting'} [behaviour]
 */

/**
 * @typedef {object} Reply
 * @property {number} identifier
 * @property {number} checksum
 * @property {number} ranMs
 * @property {number} idleMs since the run before this one ended
 * @property {number} cpuMicroseconds of the engine since it started
 * @property {object[]} result
 */

/**
 * Touches every page, as a decoder would, and costs next to nothing.
 *
 * @param {Uint8Array} bytes
 */
export function checksumOf(bytes) {
  let sum = bytes[bytes.length - 1] ?? 0;
  for (let offset = 0; offset < bytes.length; offset += 4096) sum += bytes[offset] ?? 0;
  return sum;
}

export function cpuMicroseconds() {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return userCPUTime + systemCPUTime;
}
