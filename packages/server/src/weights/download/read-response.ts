import { statfs } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { decodedBody } from './decoded-body.ts';
import { DownloadFailure } from './download-failure.ts';
import { type DownloadProgress, size } from './download-progress.ts';
import { onDisk } from './on-disk.ts';
import type { PartialFile } from './partial-file.ts';

/** No weights are larger; a server that sends without end must not fill the disk. */
const mostBytes = 64e9;

export interface Reading {
  readonly source: string;
  readonly folder: string;
  readonly partial: PartialFile;
  readonly progress: DownloadProgress;
}

/** Appends a body of status 200 or 206 to the partial file. */
export async function readResponse({ headers, body }: Dispatcher.ResponseData, reading: Reading): Promise<void> {
  const { source, folder, partial, progress } = reading;
  const encoding = encodingOf(headers['content-encoding']);
  const total = encoding === undefined ? totalOf(headers['content-length'], partial.byteLength) : undefined;
  try {
    if ((total ?? 0) > mostBytes) throw tooLarge(source);
    await checkRoom(folder, source, (total ?? 0) - partial.byteLength);
    progress.say(partial.byteLength, total);
    for await (const chunk of decodedBody(body, encoding, source)) {
      if (partial.byteLength + chunk.byteLength > mostBytes) throw tooLarge(source);
      await partial.append(chunk);
      progress.at(partial.byteLength, total);
    }
  } finally {
    body.on('error', () => {}).destroy();
  }
  if (total === undefined || partial.byteLength === total) return;
  const lacking = `${partial.byteLength} of ${total} bytes came`;
  throw new DownloadFailure(`${source} cannot be downloaded: ${lacking}`, { passing: true });
}

const tooLarge = (source: string): DownloadFailure =>
  new DownloadFailure(`${source} cannot be downloaded: it is larger than ${size(mostBytes)}`);

async function checkRoom(folder: string, source: string, needed: number): Promise<void> {
  const { bavail, bsize } = await onDisk(folder, () => statfs(folder));
  if (needed <= bavail * bsize) return;
  throw new DownloadFailure(
    `There is no room for ${source} in ${folder}: ${size(needed)} are needed, ${size(bavail * bsize)} are free; MODEL_CACHE_DIR may name another folder.`,
  );
}

function encodingOf(header: string | string[] | undefined): string | undefined {
  const encoding = String(header ?? 'identity')
    .trim()
    .toLowerCase();
  return encoding === 'identity' || encoding === '' ? undefined : encoding;
}

function totalOf(contentLength: string | string[] | undefined, have: number): number | undefined {
  return typeof contentLength === 'string' && /^\d+$/.test(contentLength) ? have + Number(contentLength) : undefined;
}
