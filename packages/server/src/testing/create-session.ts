import { sessionCreator } from '../engine/create-session.ts';
import { Stopwatch } from '../engine/stopwatch.ts';

// ONNX Runtime reads it when it creates its first session.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** Loads an ONNX file on one CPU thread of this process, and refuses it when it lacks a tensor of the signature. */
export const createSession = sessionCreator({ device: 'cpu', index: 0, threads: 1, stopwatch: new Stopwatch() });
