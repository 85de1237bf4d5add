import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

// ZIP as far as a NuGet package needs it: no encryption, less than 4 GiB. The numbers are those of PKWARE's APPNOTE.

const endSignature = 0x06054b50;
const endBytes = 22;
const maxCommentBytes = 0xffff;
const entrySignature = 0x02014b50;
const entryBytes = 46;
const localBytes = 30;
const stored = 0;
const deflated = 8;

interface ZipEntry {
  readonly method: number;
  readonly checksum: number;
  readonly compressedBytes: number;
  readonly localAt: number;
}

/**
 * Writes one file of an archive to a path, a piece at a time.
 * @throws if the archive has no such file or is damaged
 */
export async function extractEntry(archive: string, name: string, to: string): Promise<void> {
  const file = await open(archive, 'r');
  try {
    const entry = await findEntry(file, name);
    if (entry === undefined) throw new Error(`${archive} has no ${name}.`);
    const local = await readAt(file, entry.localAt, localBytes);
    const start = entry.localAt + localBytes + local.readUInt16LE(26) + local.readUInt16LE(28);
    const source = createReadStream(archive, { start, end: start + entry.compressedBytes - 1 });
    let checksum = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        checksum = crc32(chunk, checksum);
        done(null, chunk);
      },
    });
    const target = createWriteStream(to, { mode: 0o755, flush: true });
    if (entry.method === deflated) await pipeline(source, createInflateRaw(), counted, target);
    else await pipeline(source, counted, target);
    if (checksum !== entry.checksum) throw new Error(`${name} in ${archive} is damaged.`);
  } finally {
    await file.close();
  }
}

async function findEntry(file: FileHandle, name: string): Promise<ZipEntry | undefined> {
  const { size } = await file.stat();
  const tailAt = Math.max(0, size - endBytes - maxCommentBytes);
  const tail = await readAt(file, tailAt, size - tailAt);
  let end = tail.length - endBytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) throw new Error('It is not a ZIP archive.');
  const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  for (let at = 0; at + entryBytes <= directory.length && directory.readUInt32LE(at) === entrySignature;) {
    const nameBytes = directory.readUInt16LE(at + 28);
    const method = directory.readUInt16LE(at + 10);
    if (directory.toString('utf8', at + entryBytes, at + entryBytes + nameBytes) === name) {
      if (method !== stored && method !== deflated) throw new Error(`${name} is compressed with method ${method}.`);
      return {
        method,
        checksum: directory.readUInt32LE(at + 16),
        compressedBytes: directory.readUInt32LE(at + 20),
        localAt: directory.readUInt32LE(at + 42),
      };
    }
    at += entryBytes + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return undefined;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await file.read(bytes, 0, length, position);
  return bytes;
}
