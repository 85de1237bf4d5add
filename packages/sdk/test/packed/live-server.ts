import { join } from 'node:path';
import { compileFixtures, encoder, type ServingProcess, serverFolder, startServing } from '../serving-process.ts';

/** The API key of the live server. */
export const apiKey = 'a-key-of-the-tests';

const realTasks = 'ocr,faces,segment,vad,embed';

/** Starts the compiled server with its real models: every task, and one ONNX file. */
export const startLiveServer = (environment: NodeJS.ProcessEnv = {}): Promise<ServingProcess> =>
  startServing('dist/main.js', live(realTasks, environment));

/** The same, with tasks of every other kind: any file, several files, a recording out of a text. Only tests serve them. */
export const startServerOfAllKinds = async (): Promise<ServingProcess> =>
  startServing(await compileFixtures(), live(`${realTasks},copy,compare,say`));

const live = (tasks: string, environment: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  API_KEYS: apiKey,
  MODEL_NAME: tasks,
  EMBED_WEIGHTS: encoder,
  MODEL_REPOSITORY: `speech=${join(serverFolder, '../../models/node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx')}`,
  ...environment,
});
