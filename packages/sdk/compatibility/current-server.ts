import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServingProcess, startServing } from '../test/serving-process.ts';

/** Starts the built server of this tree with these models; it is ready when this resolves. */
export const startCurrentServer = (models: string): Promise<ServingProcess> =>
  startServing('dist/main.js', {
    MODEL_NAME: models,
    DEVICE: 'cpu',
    MODEL_CACHE_DIR: join(tmpdir(), 'portico-compatibility'),
  });
