import { transformer } from '@portico/api';
import { form, fileAsJson } from '../../doors/support/asking.ts';
import { page, pageText } from '../../doors/support/pages.ts';

/** One way to ask for something, and how its answer is known to be right. */
export interface Door {
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly body: (turn: number) => Buffer;
  readonly isRight: (answer: string, turn: number) => boolean;
}

const jsonType = 'application/json';
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const isThePage = (answer: string): boolean => answer.includes(pageText);

/** Short runs of a model that batches. */
export const rows: Door = {
  name: 'rows, JSON',
  path: '/rows',
  type: jsonType,
  body: (turn) => json({ input: { value: turn, milliseconds: 5 } }),
  isRight: (answer, turn) => (JSON.parse(answer) as { value: number }).value === turn,
};

/** Runs that are long beside the time a load balancer needs to notice. */
export const longRows: Door = {
  ...rows,
  name: 'rows, JSON, 700 ms a run',
  body: (turn) => json({ input: { value: turn, milliseconds: 700 } }),
};

export const dense: Door = {
  name: 'dense, JSON',
  path: '/dense',
  type: jsonType,
  body: (turn) => json({ input: { value: turn } }),
  isRight: (answer, turn) => (JSON.parse(answer) as { value: number }).value === turn,
};

export async function ocrForm(): Promise<Door> {
  const encoded = new Response(form(await page()));
  const body = Buffer.from(await encoded.arrayBuffer());
  return {
    name: 'ocr, form',
    path: '/ocr',
    type: encoded.headers.get('content-type') ?? '',
    body: () => body,
    isRight: isThePage,
  };
}

export async function ocrBytes(): Promise<Door> {
  const body = await page();
  return { name: 'ocr, bytes', path: '/ocr', type: 'image/png', body: () => body, isRight: isThePage };
}

export async function ocrJson(): Promise<Door> {
  const body = json({ input: fileAsJson(await page()) });
  return { name: 'ocr, JSON', path: '/ocr', type: jsonType, body: () => body, isRight: isThePage };
}

export async function ocrBatch(): Promise<Door> {
  const data = new FormData();
  for (const name of ['one', 'two']) data.append('file', new Blob([(await page()) as BlobPart]), name);
  const encoded = new Response(data);
  const body = Buffer.from(await encoded.arrayBuffer());
  return {
    name: 'ocr, batch of two',
    path: '/ocr/batch',
    type: encoded.headers.get('content-type') ?? '',
    body: () => body,
    isRight: (answer) => {
      const { results } = JSON.parse(answer) as { results: unknown[] };
      return results.length === 2 && results.every((result) => isThePage(JSON.stringify(result)));
    },
  };
}

export async function ocrProcedure(): Promise<Door> {
  const data = new Uint8Array(await page());
  const body = json(transformer.serialize({ file: { data, mediaType: 'image/png' } }));
  return { name: 'ocr, tRPC', path: '/trpc/ocr.infer', type: jsonType, body: () => body, isRight: isThePage };
}
