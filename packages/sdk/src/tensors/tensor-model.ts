import { askRest } from '../calls/ask-rest.ts';
import type { Connection } from '../calls/connection.ts';
import { runCall } from '../calls/run-call.ts';
import { unreachable } from '../errors/unreachable.ts';
import type { CallOptions } from '../options.ts';
import { decodeTensorAnswer } from './decode-answer.ts';
import { encodeTensorCall, type TensorQuestion } from './encode-call.ts';
import type { TensorAnswer } from './tensor.ts';

/** What a model of the model repository is asked. */
export interface TensorCall extends TensorQuestion {
  /** @default the newest */
  readonly version?: string | undefined;
}

/** A model of the server's model repository. */
export interface TensorModel {
  /**
   * Asks the model: typed arrays in and out, which travel as they are.
   *
   * @example
   * const pixels = { name: 'Input3', shape: [1, 1, 28, 28], data: new Float32Array(784) };
   * const { outputs } = await portico.tensors('digits').infer({ inputs: [pixels] });
   */
  infer(call: TensorCall, options?: CallOptions): Promise<TensorAnswer>;
}

/** The header that tells where the JSON of a body ends. */
const headLengthHeader = 'inference-header-content-length';

/** The binary door of the Open Inference Protocol for one model. */
export const tensorModel = (connection: Connection, model: string): TensorModel => ({
  infer: async ({ version, ...question }, options) => {
    const { body, headLength } = encodeTensorCall(question);
    const versioned = version === undefined ? '' : `/versions/${encodeURIComponent(version)}`;
    const request = {
      path: `/v2/models/${encodeURIComponent(model)}${versioned}/infer`,
      headers: { [headLengthHeader]: String(headLength) },
      // A copy of the values as they are now, for every try.
      body: new Blob([...body], { type: 'application/octet-stream' }),
    };
    return runCall(connection, options, async (attempt) => {
      const response = await askRest(connection, attempt, request);
      const answer = await response.arrayBuffer().catch((cause: unknown) => {
        throw unreachable(cause);
      });
      const head = response.headers.get(headLengthHeader);
      return decodeTensorAnswer(answer, head === null ? undefined : Number(head), {
        status: response.status,
        requestId: response.headers.get('x-request-id') ?? undefined,
      });
    });
  },
});
