import { type InputTensor, isPorticoError, type PorticoError, type TensorResult } from '@portico/sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useConnection } from '../connection/connection.tsx';

/** The latest run of a model, and the outputs of the latest that succeeded. */
export interface TensorCalls {
  readonly running: boolean;
  readonly result: TensorResult | undefined;
  /** From the start to the end of the run that succeeded, as this page measured it. */
  readonly durationMs: number | undefined;
  readonly error: PorticoError | undefined;
  /** Starts a run; one that is under way is cancelled. */
  readonly start: (inputs: readonly InputTensor[]) => void;
  readonly cancel: () => void;
}

/** Runs one version of a served ONNX model, one run at a time. */
export function useTensorCall(model: string, version: string): TensorCalls {
  const { portico } = useConnection();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<PorticoError>();
  const [success, setSuccess] = useState<Pick<TensorCalls, 'result' | 'durationMs'>>();
  const under = useRef<AbortController>(undefined);

  const cancel = useCallback(() => under.current?.abort(), []);
  // Leaving the page ends the run.
  useEffect(() => cancel, [cancel]);

  const start = async (inputs: readonly InputTensor[]): Promise<void> => {
    cancel();
    const controller = new AbortController();
    under.current = controller;
    setRunning(true);
    setError(undefined);
    const startedAt = performance.now();
    try {
      const result = await portico.tensors(model).infer({ inputs, version }, { signal: controller.signal });
      if (under.current === controller) setSuccess({ result, durationMs: performance.now() - startedAt });
    } catch (failure) {
      if (!isPorticoError(failure)) throw failure;
      if (under.current === controller && !controller.signal.aborted) setError(failure);
    } finally {
      if (under.current === controller) setRunning(false);
    }
  };
  return {
    running,
    result: success?.result,
    durationMs: success?.durationMs,
    error,
    start: (inputs) => void start(inputs),
    cancel,
  };
}
