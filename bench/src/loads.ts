import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, LoadRequest } from '@portico/measure/load/http-client';
import { mediumShape, tinyShape } from './models/tasks.ts';
import { repositoryRoot } from './settings.ts';

/** A request to a model, and the check that its response must pass. */
export interface Load {
  readonly request: LoadRequest;
  readonly check: Check;
}

export const pagePath = join(repositoryRoot, 'samples', 'page.jpg');
const pageText = 'A model is a function with opinions';

/** A photographed page, as a raw body. */
export const ocrLoad: Load = {
  request: { path: '/ocr', headers: { 'content-type': 'image/jpeg' }, body: readFileSync(pagePath) },
  check: ifSuccessful(({ body }) =>
    body.includes(pageText) ? undefined : `not the text of the page: ${excerpt(body)}`,
  ),
};

export const tinyLoad = denseLoad('/tiny', tinyShape.width);
export const mediumLoad = denseLoad('/medium', mediumShape.width);

export function denseInput(width: number): number[] {
  return Array.from({ length: width }, (_, index) => (index % 100) / 100);
}

function denseLoad(path: string, width: number): Load {
  const body = Buffer.from(JSON.stringify({ input: denseInput(width) }));
  return {
    request: { path, headers: { 'content-type': 'application/json' }, body },
    check: ifSuccessful(({ body }) => {
      const row: unknown = JSON.parse(body.toString());
      const fits = Array.isArray(row) && row.length === width && row.some((value) => value > 0);
      return fits ? undefined : `no row of ${width} numbers: ${excerpt(body)}`;
    }),
  };
}

/** The row of the tiny model, for its file as it is. */
export function tensorLoad(form: 'json' | 'binary'): Load {
  const { width } = tinyShape;
  const row = Float32Array.from(denseInput(width));
  const input = { name: 'x', datatype: 'FP32', shape: [1, width] };
  const path = '/v2/models/tiny/infer';
  if (form === 'json') {
    const body = Buffer.from(JSON.stringify({ inputs: [{ ...input, data: [...row] }] }));
    return { request: { path, headers: { 'content-type': 'application/json' }, body }, check: ifSuccessful(rowInJson) };
  }
  const head = Buffer.from(
    JSON.stringify({
      inputs: [{ ...input, parameters: { binary_data_size: row.byteLength } }],
      parameters: { binary_data_output: true },
    }),
  );
  const headers = {
    'content-type': 'application/octet-stream',
    'inference-header-content-length': String(head.byteLength),
  };
  return {
    request: { path, headers, body: Buffer.concat([head, Buffer.from(row.buffer)]) },
    check: ifSuccessful(({ body, headers }) => {
      const values = body.byteLength - Number(headers['inference-header-content-length']);
      return values === row.byteLength ? undefined : `no row of ${width} numbers: ${excerpt(body)}`;
    }),
  };
}

function rowInJson({ body }: { readonly body: Buffer }): string | undefined {
  const { outputs } = JSON.parse(body.toString()) as { outputs?: { data?: unknown[] }[] };
  return outputs?.[0]?.data?.length === tinyShape.width ? undefined : `no row of numbers: ${excerpt(body)}`;
}

/** Checks successful responses only: other statuses are counted as such. */
export function ifSuccessful(check: Check): Check {
  return (response) => (response.status === 200 ? check(response) : undefined);
}

const excerpt = (body: Buffer): string => body.subarray(0, 120).toString();
