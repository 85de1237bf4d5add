import { z } from 'zod';
import { Tensor } from './tensor.ts';

export const TensorCall: z.ZodType<TensorCall, TensorCall> = z.strictObject({
  model: z.string(),
  version: z.string().optional(),
  inputs: z.array(Tensor),
  outputs: z.array(z.string()).optional(),
  timeoutMs: z.number().positive().optional(),
});

/** One question to a model of the model repository. */
export interface TensorCall {
  readonly model: string;
  /** The newest unless told. */
  readonly version?: string | undefined;
  readonly inputs: readonly Tensor[];
  /** Names of the outputs wanted; all unless told. */
  readonly outputs?: readonly string[] | undefined;
  /** Milliseconds to wait for an answer, at most the server's own deadline. */
  readonly timeoutMs?: number | undefined;
}

/** What a model of the model repository answered. */
export interface TensorAnswer {
  readonly model: string;
  readonly version: string;
  readonly outputs: readonly Tensor[];
}
