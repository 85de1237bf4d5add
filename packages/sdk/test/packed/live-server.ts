import { join } from 'node:path';
import { type ServingProcess, serverFolder, startServing } from '../serving-process.ts';

/** The key that the live server wants. */
export const apiKey = 'a-key-of-the-tests';

/** Starts the compiled server with its real models: every task, and one ONNX file as it is. */
export const startLiveServer = (environment: NodeJS.ProcessEnv = {}): Promise<ServingProcess> =>
  startServing('dist/main.js', {
    API_KEYS: apiKey,
    MODEL_NAME: 'ocr,faces,segment,vad,embed',
    EMBED_WEIGHTS: join(serverFolder, 'src/models/embed/testing/tiny-bert'),
    MODEL_REPOSITORY: `speech=${join(serverFolder, 'node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx')}`,
    ...environment,
  });
