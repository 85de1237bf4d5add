import { join } from 'node:path';
import { Helper } from '../helper.ts';
import type { FileCommand, FileReply } from './file-process.ts';

/** A process that runs the digits file and does nothing else. */
export interface DigitsRuns extends AsyncDisposable {
  /** What the file returns for the picture of all requests, and the CPU time of a run. */
  measure(runs: number): Promise<FileReply>;
}

export function startDigitsRuns(modelFolder: string): DigitsRuns {
  const helper = new Helper(new URL('./file-process.js', import.meta.url), {
    environment: { ORT_DISABLE_TELEMETRY: '1' },
  });
  const path = join(modelFolder, 'digits.onnx');
  const measure = (runs: number) => helper.request<FileReply>({ path, runs } satisfies FileCommand);
  return { measure, [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose]() };
}
