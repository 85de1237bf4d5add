import { eventually } from '../harness/server-process.ts';

/** An upload that the server refuses, and the status that its sender has to hear. */
export interface RefusedUpload {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Without a content-length. */
  readonly isChunked: boolean;
  readonly status: number;
}

const mebibyte = 1024 * 1024;
export const apiKey = 'a-key-of-the-tests';

/** Two models: `draw` takes pictures, and `loading` never becomes ready. */
export const refusingServer = { MODEL_NAME: 'draw,loading:waits', API_KEYS: apiKey, MAX_UPLOAD_MB: '20' };

type Kind = Pick<RefusedUpload, 'method' | 'path' | 'headers' | 'status'>;

/** Refusals by header, and of chunks while they arrive. */
const kinds: readonly Kind[] = [
  { method: 'POST', path: '/draw', headers: { 'content-type': 'image/png' }, status: 413 },
  { method: 'POST', path: '/draw', headers: { 'content-type': 'application/octet-stream' }, status: 413 },
  { method: 'POST', path: '/draw', headers: { 'content-type': 'text/plain' }, status: 415 },
  { method: 'POST', path: '/draw', headers: { 'content-type': 'image/png', 'content-encoding': 'gzip' }, status: 415 },
  { method: 'POST', path: '/nowhere', headers: { 'content-type': 'image/png' }, status: 404 },
  { method: 'PUT', path: '/draw', headers: { 'content-type': 'image/png' }, status: 405 },
  { method: 'POST', path: '/draw', headers: { 'content-type': 'image/png', accept: 'text/html' }, status: 406 },
  { method: 'POST', path: '/draw', headers: { 'content-type': 'image/png', 'x-api-key': 'wrong' }, status: 401 },
  { method: 'POST', path: '/loading', headers: { 'content-type': 'application/json' }, status: 503 },
];

/** `count` refused uploads, every kind of them, small and large, with a length and in chunks, the same for the same seed. */
export function refusedUploads(count: number, seed: number): RefusedUpload[] {
  const random = randomFrom(seed);
  const all = Array.from({ length: Math.ceil(count / kinds.length) }, () => kinds).flat();
  return all.slice(0, count).map((kind) => {
    const large = 21 * mebibyte + Math.floor(random() * 9 * mebibyte);
    const small = 1 + Math.floor(random() ** 3 * 19 * mebibyte);
    // JSON may be a third larger than a file; with more it would be refused for its length.
    const isLarge = kind.status === 413 || (kind.status !== 503 && random() < 0.3);
    return {
      ...kind,
      headers: { 'x-api-key': apiKey, ...kind.headers },
      bytes: isLarge ? large : small,
      isChunked: random() < 0.4,
    };
  });
}

/** Waits for the one model; the other never becomes ready, and with it the server. */
export const drawIsReady = (url: string): Promise<true> =>
  eventually(async () => {
    const headers = { 'x-api-key': apiKey, 'content-type': 'application/octet-stream' };
    const { status } = await fetch(`${url}/draw`, { method: 'POST', headers, body: 'no picture' });
    return status === 503 ? undefined : true;
  });

/** A small generator of numbers from 0 to 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
