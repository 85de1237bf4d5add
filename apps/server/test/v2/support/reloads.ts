import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerProcess } from '../../harness/server-process.ts';
import { change, keyHeader } from './control.ts';
import { plus } from './files.ts';
import { floats, infer } from './infer.ts';

export interface ReloadedUnderLoad {
  /** Of the loads, in order. */
  readonly statuses: readonly number[];
  readonly requests: number;
  /** What went wrong, with an answer of a file that was not served meanwhile among it. */
  readonly failures: readonly string[];
}

interface Load {
  readonly reloads: number;
  /** Each sends one request after another. */
  readonly clients: number;
}

const value = 1;

/**
 * Replaces `plus.onnx` by a file that adds one more, over and over, and loads it, while clients ask for it: every other one with binary data,
 * with several rows and by its version.
 */
export async function reloadUnderLoad(
  server: Pick<ServerProcess, 'url'> & { readonly folder: string },
  { reloads, clients }: Load,
): Promise<ReloadedUnderLoad> {
  /** What the newest file that is loaded for certain adds, and the newest that may be. */
  let loaded = 0;
  let loading = 0;
  let requests = 0;
  const failures: string[] = [];
  const statuses: number[] = [];
  const over = new AbortController();

  const ask = async (client: number): Promise<void> => {
    const rows = 1 + (client % 3);
    const isBinary = client % 2 === 1;
    const shape = [rows, 2];
    const data = new Float32Array(2 * rows).fill(value);
    while (!over.signal.aborted) {
      const oldest = loaded;
      const input = isBinary ? { parameters: { binary_data_size: data.byteLength } } : { data: [...data] };
      const head = {
        inputs: [{ name: 'x', datatype: 'FP32', shape, ...input }],
        parameters: { binary_data_output: isBinary },
      };
      requests += 1;
      try {
        const { status, json, outputs } = await infer(server, isBinary ? 'plus/versions/1' : 'plus', head, {
          headers: keyHeader,
          ...(isBinary ? { binary: new Uint8Array(data.buffer) } : {}),
        });
        const sums = isBinary ? floats(outputs[0]?.bytes ?? new Uint8Array()) : outputs[0]?.data;
        const [sum] = sums ?? [];
        const added = Number(sum) - value;
        const isRight =
          added >= oldest && added <= loading && sums?.length === 2 * rows && sums.every((one) => one === sum);
        if (status !== 200 || !isRight)
          failures.push(`${status} ${json.error ?? JSON.stringify(sums)}, while ${oldest} to ${loading} were loaded`);
      } catch (error) {
        failures.push(String(error));
      }
    }
  };

  const asking = Array.from({ length: clients }, (_, client) => ask(client));
  while (statuses.length < reloads) {
    loading += 1;
    writeFileSync(join(server.folder, 'plus.onnx'), plus(loading));
    const { status } = await change(server, 'load', 'plus');
    statuses.push(status);
    loaded = loading;
  }
  over.abort();
  await Promise.all(asking);
  return { statuses, requests, failures };
}
