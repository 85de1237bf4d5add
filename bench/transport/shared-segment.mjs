import { closeSync, ftruncateSync, openSync, unlinkSync } from 'node:fs';
import { createRequire } from 'node:module';

const protectionReadWrite = 3;
const mapShared = 1;

/**
 * A file in memory that has no name any more: it disappears with the last process that holds it open.
 *
 * @param {number} bytes
 */
export function openUnnamedSegment(bytes) {
  const path = `/dev/shm/transport-bench-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  ftruncateSync(descriptor, bytes);
  return { descriptor, close: () => closeSync(descriptor) };
}

/**
 * @param {number} descriptor
 * @param {number} bytes
 */
export function mapSegment(descriptor, bytes) {
  const koffi = createRequire(new URL('../../apps/server/package.json', import.meta.url))('koffi');
  const mmap = koffi
    .load(null)
    .func('void *mmap(void *address, size_t length, int protection, int flags, int descriptor, int64 offset)');
  const address = mmap(null, bytes, protectionReadWrite, mapShared, descriptor, 0);
  return Buffer.from(koffi.view(address, bytes));
}
