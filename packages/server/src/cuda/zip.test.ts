import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { zipOf } from './testing/zip-of.ts';
import { extractEntry } from './zip.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portico-zip-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const files = { 'a/first.txt': Buffer.from('first'), 'a/second.so': Buffer.alloc(300_000, 'second ') };

function archiveOf(bytes: Uint8Array): string {
  const path = join(folder, 'package.nupkg');
  writeFileSync(path, bytes);
  return path;
}

it.each(['stored', 'deflated'] as const)('a file that is %s is written out as it was', async (method) => {
  const archive = archiveOf(zipOf(files, method));
  for (const [name, bytes] of Object.entries(files)) {
    await extractEntry(archive, name, join(folder, 'out'));
    expect(readFileSync(join(folder, 'out')).equals(bytes)).toBe(true);
  }
});

it('an archive that lacks the file or is damaged is refused, and so is any other file', async () => {
  const out = join(folder, 'out');
  await expect(extractEntry(archiveOf(Buffer.alloc(100)), 'a', out)).rejects.toThrow('not a ZIP archive');
  await expect(extractEntry(archiveOf(zipOf(files, 'stored')), 'b', out)).rejects.toThrow('has no b.');
  const damaged = Buffer.from(zipOf(files, 'stored'));
  damaged.write('F', damaged.indexOf('first', damaged.indexOf('first.txt') + 9));
  await expect(extractEntry(archiveOf(damaged), 'a/first.txt', out)).rejects.toThrow('first.txt in');
});
