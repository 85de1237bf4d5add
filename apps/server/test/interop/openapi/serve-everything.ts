import { fileURLToPath } from 'node:url';
import type { ServerProcess } from '../../harness/server-process.ts';
import { doubling } from '../../onnx/models.ts';
import { serve } from '../../v2/support/serve.ts';

/** A small model of sentences, made for tests. */
const tinyBert = fileURLToPath(new URL('../../../../../models/embed/testing/tiny-bert', import.meta.url));

/** A server with tasks of every kind, and a model of the repository. */
export const serveEverything = (environment: NodeJS.ProcessEnv = {}): Promise<ServerProcess> =>
  serve(
    { 'doubling.onnx': doubling() },
    { MODEL_NAME: 'ocr,segment,vad,embed,copy,compare,say,warn', EMBED_WEIGHTS: tinyBert, ...environment },
  );
