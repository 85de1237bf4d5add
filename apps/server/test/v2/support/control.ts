import type { ServerProcess } from '../../harness/server-process.ts';
import { serve } from './serve.ts';

/** Of a server of `serveControlled`. */
export const key = 'secret';

/** For requests that carry it. */
export const keyHeader = { authorization: `Bearer ${key}` };

export interface Entry {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly reason: string;
}

/** A server whose folder of ONNX files can be changed while it runs, and that loads and unloads on request. */
export async function serveControlled(
  files: Readonly<Record<string, Uint8Array>>,
  environment: NodeJS.ProcessEnv = {},
): ReturnType<typeof serve> {
  const server = await serve(files, { MODEL_CONTROL: 'explicit', API_KEYS: key, ...environment });
  await server.ready();
  return server;
}

/** Asks for a change of the repository; the status, and what the server says. */
export async function change(
  { url }: Pick<ServerProcess, 'url'>,
  what: 'load' | 'unload',
  model: string,
  body?: object,
): Promise<{ readonly status: number; readonly json: { readonly error?: string } }> {
  const response = await fetch(`${url}/v2/repository/models/${model}/${what}`, {
    method: 'POST',
    headers: { ...keyHeader, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, json: (await response.json()) as { error?: string } };
}

/** What the repository has, as the server sees it. */
export async function index({ url }: Pick<ServerProcess, 'url'>, body?: object): Promise<readonly Entry[]> {
  const response = await fetch(`${url}/v2/repository/index`, {
    method: 'POST',
    headers: { ...keyHeader, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Entry[];
}
