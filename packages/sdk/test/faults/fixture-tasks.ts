import type { TaskContracts } from '../../src/contract.ts';
import type { FileInput } from '../../src/files/file-input.ts';

/** Portico's tasks, and models that only tests serve. */
export interface FixtureTasks extends TaskContracts {
  /** Draws a grey square, whatever the picture. */
  draw: {
    accepts: 'image';
    input: never;
    params: { side?: number; shade?: number };
    output: { side: number; image: string };
    item: never;
    produces: 'image/png';
  };
  compare: {
    accepts: 'form';
    input: { left: FileInput; right: FileInput };
    params: { note?: string };
    output: { same: boolean; note: string };
    item: { mediaType: string };
    produces: never;
  };
  say: {
    accepts: 'json';
    input: { text: string };
    params: { pitch?: number };
    output: { seconds: number; speech: string };
    item: never;
    produces: 'audio/wav';
  };
}
