import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { redactUrl } from '../redact-url.ts';
import type { ResolvedWeights, ResolveOptions } from '../resolve-weights.ts';
import { sha256OfFile } from '../sha256-of-file.ts';
import type { Download } from '../weights-file.ts';
import { DownloadFailure, WrongBytes } from './download-failure.ts';
import { fetchFile } from './fetch-file.ts';
import { attemptsWithCopy, usualPatience } from './patience.ts';
import { recall, remember, type RememberedDownload } from './remembered-download.ts';

/**
 * A file of the cache, downloaded where it is not there yet or has other bytes. With a checksum the network is asked for what
 * is missing only; without, the server is asked whether the file is still the same.
 * @throws {DownloadFailure}
 */
export async function downloadWeights(file: Download, options: Omit<ResolveOptions, 'from'>): Promise<ResolvedWeights> {
  const { url, sha256: expected } = file;
  const { cacheDirectory, progress, warn, patience = usualPatience } = options;
  const folder = join(cacheDirectory, 'weights');
  const name = fileName(url);
  const pathOf = (sha256: string): string => join(folder, sha256, name);

  const copy = expected === undefined ? undefined : await verified(pathOf(expected), expected, warn);
  if (copy !== undefined) return copy;
  const told = await recall(folder, url);
  const former =
    expected !== undefined || told === undefined ? undefined : await verified(pathOf(told.sha256), told.sha256, warn);

  try {
    const fetched = await fetchFile({
      url,
      name,
      folder,
      expected,
      unless: worthAsking(told, expected, former),
      patience: former === undefined ? patience : { ...patience, attempts: attemptsWithCopy },
      progress,
    });
    if (fetched === 'unchanged') return former ?? refuse(url, expected, told);
    const path = pathOf(fetched.told.sha256);
    try {
      await fetched.partial.keepAs(path);
    } finally {
      await fetched.partial.dispose();
    }
    await remember(folder, url, fetched.told);
    return { path, sha256: fetched.told.sha256 };
  } catch (error) {
    if (!(error instanceof DownloadFailure)) throw error;
    if (error instanceof WrongBytes && error.confirmed) await remember(folder, url, error.told);
    if (former === undefined || !error.passing) throw error;
    warn(`${error.message}; using the copy of before, with sha256 ${former.sha256}`);
    return former;
  }
}

/** What the server may say has not changed: a copy that is here, or bytes that were wrong the last time. */
function worthAsking(
  told: RememberedDownload | undefined,
  expected: string | undefined,
  former: ResolvedWeights | undefined,
): RememberedDownload | undefined {
  if (told === undefined || (told.etag ?? told.lastModified) === undefined) return undefined;
  return former !== undefined || (expected !== undefined && told.sha256 !== expected) ? told : undefined;
}

function refuse(url: string, expected: string | undefined, told: RememberedDownload | undefined): never {
  if (expected === undefined || told === undefined) throw new TypeError('Nothing was asked for.');
  throw new WrongBytes(redactUrl(url), expected, told, true);
}

/** A file of the cache with the bytes it should have; undefined where it is missing or a disk has spoilt it. */
async function verified(
  path: string,
  expected: string,
  warn: (text: string) => void,
): Promise<ResolvedWeights | undefined> {
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return undefined;
  const sha256 = await sha256OfFile(path);
  if (sha256 === expected) return { path, sha256 };
  warn(`${path} has sha256 ${sha256} by now; it is downloaded again`);
  return undefined;
}

/** The last part of the URL's path, fit for every file system. */
function fileName(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  const plain = last.replaceAll(/[^\w.-]/g, '_').slice(-100);
  return /^[._]*$/.test(plain) ? 'weights' : plain;
}
