import {
  type InputTensor,
  isPorticoError,
  type PorticoError,
  type ResponseInfo,
  type TensorResult,
} from '@portico/sdk';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useConnection } from '../connection/connection.tsx';
import { lastCall } from '../task/last-call.ts';

/** A run that succeeded. */
export interface TensorSuccess {
  readonly result: TensorResult;
  /** From its start to its end, as this page measured it. */
  readonly durationMs: number;
  /** Its request ID, and the time of each phase on the server. */
  readonly response: ResponseInfo | undefined;
}

/** The latest run of a model, and the outputs of the latest that succeeded. */
export interface TensorCalls {
  /** idle: nothing has run. */
  readonly phase: 'idle' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly success: TensorSuccess | undefined;
  readonly error: PorticoError | undefined;
  /** Starts a run; one that is under way is cancelled. */
  readonly start: (inputs: readonly InputTensor[]) => void;
  readonly cancel: () => void;
}

/** Runs one version of a served ONNX model, one run at a time. */
export function useTensorCall(model: string, version: string): TensorCalls {
  const { portico } = useConnection();
  const [phase, setPhase] = useState<TensorCalls['phase']>('idle');
  const [error, setError] = useState<PorticoError>();
  const [success, setSuccess] = useState<TensorSuccess>();
  const current = useRef<AbortController>(undefined);

  const cancel = useCallback(() => current.current?.abort(), []);
  // Leaving the page ends the run.
  useEffect(() => cancel, [cancel]);

  const start = async (inputs: readonly InputTensor[]): Promise<void> => {
    cancel();
    const controller = new AbortController();
    current.current = controller;
    setPhase('running');
    setError(undefined);
    const startedAt = performance.now();
    try {
      let response: ResponseInfo | undefined;
      const onResponse = (info: ResponseInfo): void => void (response = info);
      const options = { signal: controller.signal, onResponse };
      const result = await portico.tensors(model).infer({ inputs, version }, options);
      const durationMs = performance.now() - startedAt;
      if (current.current === controller) {
        setSuccess({ result, durationMs, response });
        setPhase('done');
      }
      lastCall.set({ task: model, durationMs, timing: response?.timing ?? {} });
    } catch (failure) {
      if (!isPorticoError(failure)) throw failure;
      // A run that another has replaced changes nothing on the screen.
      if (current.current !== controller) return;
      if (!controller.signal.aborted) setError(failure);
      setPhase(controller.signal.aborted ? 'cancelled' : 'failed');
    }
  };
  return {
    phase,
    success,
    error,
    start: (inputs) => void start(inputs),
    cancel,
  };
}
