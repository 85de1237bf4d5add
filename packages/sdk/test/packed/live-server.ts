import { join } from 'node:path';
import { encoder, type ServingProcess, serverFolder, startServing } from '../serving-process.ts';

/** The API key of the live server. */
export const apiKey = 'a-key-of-the-tests';

/** Starts the compiled server with its real models: every task, and one ONNX file. */
export const startLiveServer = (environment: NodeJS.ProcessEnv = {}): Promise<ServingProcess> =>
  startServing('dist/main.js', {
    API_KEYS: apiKey,
    MODEL_NAME: 'ocr,faces,segment,vad,embed',
    EMBED_WEIGHTS: encoder,
    MODEL_REPOSITORY: `speech=${join(serverFolder, '../../models/node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx')}`,
    ...environment,
  });
