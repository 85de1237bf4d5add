import { runCall } from '../calls/call.ts';
import type { Connection } from '../calls/connection.ts';
import { post } from '../calls/send.ts';
import { unreachable } from '../errors/response-error.ts';
import type { CallOptions } from '../options.ts';
import { decodeTensorResult } from './decode-result.ts';
import { encodeTensorCall, type TensorCall } from './encode-call.ts';
import type { TensorResult } from './tensor.ts';

/** A model of the server's model repository. */
export interface TensorModel {
  /**
   * Runs the model, typed arrays in and out. They travel as they are.
   *
   * @example
   * const pixels = { name: 'Input3', shape: [1, 1, 28, 28], data: new Float32Array(784) };
   * const { outputs } = await portico.tensors('digits').infer({ inputs: [pixels] });
   */
  infer(call: TensorCall, options?: CallOptions): Promise<TensorResult>;
}

/** The header with the size of a body's JSON. */
const headLengthHeader = 'inference-header-content-length';

/** One model over the Open Inference Protocol, with binary data. */
export const tensorModel = (connection: Connection, model: string): TensorModel => ({
  infer: async (call, options) => {
    const { body, headLength } = encodeTensorCall(call);
    const versioned = call.version === undefined ? '' : `/versions/${encodeURIComponent(call.version)}`;
    const request = {
      path: `/v2/models/${encodeURIComponent(model)}${versioned}/infer`,
      headers: { [headLengthHeader]: String(headLength) },
      // A copy of the values as they are now, for every request.
      body: new Blob([...body], { type: 'application/octet-stream' }),
    };
    return runCall(connection, options, async (context) => {
      const response = await post(connection, context, request);
      const content = await response.arrayBuffer().catch((cause: unknown) => {
        throw unreachable(cause);
      });
      const head = response.headers.get(headLengthHeader);
      return decodeTensorResult(content, head === null ? undefined : Number(head), {
        status: response.status,
        requestId: response.headers.get('x-request-id') ?? undefined,
      });
    });
  },
});
