import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { releasedFolder } from './release.ts';

/** What programs that were written for the last release use of it. */
export interface ReleasedSdk {
  createPortico(options: { url: string; timeoutMs?: number }): ReleasedPortico;
  isPorticoError(error: unknown, code?: string): boolean;
}

export interface ReleasedPortico {
  ocr(file: Uint8Array, params?: object, options?: ReleasedOptions): Promise<{ text: string; lines: ReleasedLine[] }>;
  vad(file: Uint8Array, params?: object): Promise<{ durationSeconds: number; segments: ReleasedSegment[] }>;
  segment(file: Uint8Array): Promise<unknown>;
  ready(): Promise<{ status: string; models: { name: string; replicas: { ready: number } }[] }>;
  readonly trpc: {
    vad: { stream: { mutate(input: object, options?: object): Promise<AsyncIterable<ReleasedSegment>> } };
    ocr: { infer: { mutate(input: object): Promise<{ text: string }> } };
    models: { list: { query(): Promise<{ models: { name: string }[] }> } };
    status: { gpu: { query(): Promise<{ available: boolean }> } };
  };
}

export interface ReleasedOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface ReleasedLine {
  readonly text: string;
  readonly confidence: number;
  readonly polygon: readonly { readonly x: number; readonly y: number }[];
}

export interface ReleasedSegment {
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
}

/** The SDK as it was built for the last release. */
export const releasedSdk = async (): Promise<ReleasedSdk> =>
  (await import(pathToFileURL(join(releasedFolder, 'sdk.js')).href)) as ReleasedSdk;
