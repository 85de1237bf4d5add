import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const samples = join(import.meta.dirname, '../../../../../samples');
export const picture = readFileSync(join(samples, 'astronaut.png')).subarray(0, 200_000);
/** As an MP4 begins, and every byte after it, so that what is decoded as text comes out changed. */
export const video = Buffer.concat([
  Buffer.from([0, 0, 0, 0x18]),
  Buffer.from('ftypmp42\0\0\0\0mp42isom'),
  Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) & 0xff)),
]);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const blob = (bytes: Uint8Array, type = ''): Blob => new Blob([bytes as BlobPart], { type });

/** A form of these parts, in this order. */
export function formOf(...parts: readonly (readonly [name: string, value: Blob | string])[]): FormData {
  const data = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value, 'any');
  }
  return data;
}

interface Results {
  readonly results: readonly {
    readonly ok: boolean;
    readonly value: Record<string, unknown>;
    readonly error: { readonly code: string; readonly detail: string };
  }[];
}

export const resultsOf = async (response: Promise<Response>): Promise<Results['results']> =>
  ((await (await response).json()) as Results).results;
