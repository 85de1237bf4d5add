import type { ServerProcess } from '../../harness/server-process.ts';

/** One output as a client sees it: its values in the JSON, or as bytes after it. */
export interface Output {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data?: readonly unknown[];
  readonly bytes?: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown> & { readonly error?: string };
  readonly outputs: readonly Output[];
}

export interface Sending {
  /** What follows the JSON. */
  readonly binary?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const lengthHeader = 'inference-header-content-length';

/** Asks a model with JSON, and binary data after it if there is any. */
export async function infer(
  server: Pick<ServerProcess, 'url'>,
  model: string,
  head: unknown,
  { binary, headers, signal }: Sending = {},
): Promise<Reply> {
  const json = Buffer.from(typeof head === 'string' ? head : JSON.stringify(head));
  return send(server, model, binary === undefined ? json : Buffer.concat([json, binary]), {
    headers: { ...(binary === undefined ? {} : { [lengthHeader]: String(json.length) }), ...headers },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Sends a body as it is. */
export async function send(
  { url }: Pick<ServerProcess, 'url'>,
  model: string,
  body: Uint8Array,
  { headers, signal }: Sending = {},
): Promise<Reply> {
  const response = await fetch(`${url}/v2/models/${model}/infer`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': 'application/octet-stream', ...headers },
    signal: signal ?? null,
  });
  const answer = Buffer.from(await response.arrayBuffer());
  const headLength = Number(response.headers.get(lengthHeader) ?? answer.length);
  const text = answer.toString('utf8', 0, headLength);
  const parsed = JSON.parse(text) as Reply['json'] & { readonly outputs?: readonly Sent[] };
  let start = headLength;
  const outputs = (parsed.outputs ?? []).map(({ parameters, ...output }) => {
    const size = parameters?.binary_data_size;
    if (size === undefined) return output;
    start += size;
    return { ...output, bytes: answer.subarray(start - size, start) };
  });
  return { status: response.status, headers: response.headers, text, json: parsed, outputs };
}

type Sent = Output & { readonly parameters?: { readonly binary_data_size?: number } };

/** The values of 32-bit floats. */
export const floats = (bytes: Uint8Array | undefined): number[] => [
  ...new Float32Array(new Uint8Array(bytes ?? []).buffer),
];

export const bytesOf = (values: ArrayBufferView): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
