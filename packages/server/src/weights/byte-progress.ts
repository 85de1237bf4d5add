import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { LoadReport } from '../inference.ts';

/** Progress is reported at most that often … */
const minReportMs = 1_000;
/** … whenever that share of the file is done, or so many bytes: fewer are a stall, on which the load timeout has to act. */
const reportShare = 0.05;
const minReportBytes = 64 * 1024;

/** The estimate follows the rate of about the last ten seconds. */
const rateWindowMs = 10_000;

/** How far one weights file is. */
export interface FileProgress {
  readonly name: string;
  readonly bytes: number;
  readonly totalBytes: number | null;
}

export interface WeightsReport extends Pick<LoadReport, 'detail' | 'remainingMs' | 'isFinding'> {
  readonly stage: 'downloading' | 'verifying';
  readonly file?: FileProgress | undefined;
}

/** Where the work on weights reports to. */
export interface WeightsReporter {
  readonly progress: (report: WeightsReport) => void;
  /** Called with what the operator should know although the load goes on. */
  readonly warn: (text: string) => void;
}

/** Reports how much of a file has been downloaded or verified, and how long the rest will take. */
export class ByteProgress {
  readonly #stage: WeightsReport['stage'];
  readonly #name: string;
  readonly #onReport: (report: WeightsReport) => void;
  readonly #now: () => number;
  #reportedAt = -Infinity;
  #reportedBytes = 0;
  #totalBytes: number | null = null;
  #bytesPerMs: number | undefined;

  constructor(
    stage: WeightsReport['stage'],
    name: string,
    onReport: (report: WeightsReport) => void,
    now: () => number = () => performance.now(),
  ) {
    this.#stage = stage;
    this.#name = name;
    this.#onReport = onReport;
    this.#now = now;
  }

  /** Begins, or begins again after a break, with so many bytes done. */
  start(bytes: number, totalBytes: number | null): void {
    this.#totalBytes = totalBytes;
    this.#report(bytes);
  }

  /** Begins without a report: the first comes after a second, if it takes that long. */
  startQuietly(totalBytes: number): void {
    this.#totalBytes = totalBytes;
    this.#reportedAt = this.#now();
  }

  update(bytes: number): void {
    const elapsedMs = this.#now() - this.#reportedAt;
    const done = bytes - this.#reportedBytes;
    const due = done >= minReportBytes || (this.#totalBytes !== null && done >= this.#totalBytes * reportShare);
    if (!due || elapsedMs < minReportMs) return;
    const weight = Math.exp(-elapsedMs / rateWindowMs);
    const rate = done / elapsedMs;
    this.#bytesPerMs = this.#bytesPerMs === undefined ? rate : weight * this.#bytesPerMs + (1 - weight) * rate;
    this.#report(bytes);
  }

  /** Something happened that brought no bytes. */
  explain(text: string): void {
    this.#onReport({
      stage: this.#stage,
      detail: `${this.#stage} ${this.#name}: ${text}`,
      file: this.#file(this.#reportedBytes),
    });
  }

  #report(bytes: number): void {
    this.#reportedAt = this.#now();
    this.#reportedBytes = bytes;
    const total = this.#totalBytes;
    const of = total === null ? '' : ` of ${sizeInWords(total)} (${Math.floor((100 * bytes) / Math.max(1, total))} %)`;
    this.#onReport({
      stage: this.#stage,
      detail: `${this.#stage} ${this.#name}: ${sizeInWords(bytes)}${of}`,
      file: this.#file(bytes),
      remainingMs:
        total === null || this.#bytesPerMs === undefined ? undefined : Math.max(0, total - bytes) / this.#bytesPerMs,
    });
  }

  #file(bytes: number): FileProgress {
    return { name: this.#name, bytes, totalBytes: this.#totalBytes };
  }
}

/** In units of 1000. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** The checksum of a whole file, in lower-case hex. */
export async function sha256OfFile(
  path: string,
  onReport: (report: WeightsReport) => void = () => {},
): Promise<string> {
  const progress = new ByteProgress('verifying', basename(path), onReport);
  progress.startQuietly((await stat(path)).size);
  const hash = createHash('sha256');
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 });
  for await (const chunk of file as AsyncIterable<Buffer>) {
    hash.update(chunk);
    progress.update(file.bytesRead);
  }
  return hash.digest('hex');
}
