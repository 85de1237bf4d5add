import type { Session } from './session.ts';
import type { LoadContext } from './model.ts';

/** One input as it came over the wire. */
export interface ProgramInput {
  readonly id: number;
  /** Null for an input that is a JSON value. */
  readonly mediaType: string | null;
  /** Checked before they were queued. */
  readonly params: unknown;
  readonly data: Uint8Array;
  /** What the client wants besides JSON: the picture in the output alone, or items on the way to it. */
  readonly answerAs?: 'picture' | 'items' | undefined;
}

export interface ProgramContext {
  /** Aborted when no client of this batch waits any more. */
  readonly signal: AbortSignal;
  /** Tells the client of an input one encoded item now. */
  readonly emit: (input: ProgramInput, item: Uint8Array) => void;
}

/** What an engine runs: encoded inputs in, one encoded answer or error for each in the same order out. */
export interface Program {
  run(inputs: readonly ProgramInput[], context: ProgramContext): Promise<readonly (Uint8Array | Error)[]>;
}

/** One tensor of an ONNX file, in the words of ONNX Runtime. */
export interface TensorMetadata {
  readonly name: string;
  /** `float32`, `int64`, `string` … */
  readonly type: string;
  /** A name stands for an axis of any length; it may be empty. */
  readonly shape: readonly (number | string)[];
}

/** A program that is loaded and has yet to pass its warm-up. */
export interface LoadedProgram {
  readonly program: Program;
  /** For the run that decides whether the replica is ready; without one there is none. */
  readonly sample?: ProgramInput | undefined;
  /** Inputs in one run, or `measured` to let the warm-up find it. */
  readonly maxBatch: number | 'measured';
  /** The tensors a client may feed and get, where the program is an ONNX file as it is. */
  readonly tensors?: { readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] };
}

export interface ProgramLoadContext extends LoadContext {
  /** Loads an ONNX file on the device, whatever its tensors. */
  readonly openSession: (path: string) => Promise<Session & Required<Pick<LoadedProgram, 'tensors'>>>;
}

/** A module that brings a program of its own where others implement a task. */
export interface ProgramModule {
  loadProgram(context: ProgramLoadContext): Promise<LoadedProgram>;
}
