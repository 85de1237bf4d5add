import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { node, onnxFile } from '../../../../apps/server/test/onnx/onnx.ts';
import { type ServerProcess, startServer } from '../../../../apps/server/test/harness/server-process.ts';
import type { Project } from '../packed/project.ts';
import { encoder } from '../serving-process.ts';

const run = promisify(execFile);
const server = join(import.meta.dirname, '../../../../apps/server');

/** A model with the input that the README names. */
const digits = onnxFile({
  nodes: [node('ReduceMax', ['Input3'], ['most'])],
  inputs: [{ name: 'Input3', type: 'float32', shape: [1, 1, 28, 28] }],
  outputs: [{ name: 'most', type: 'float32', shape: [1, 1, 1, 1] }],
});

/** Starts the compiled server with its real models, an ONNX file in the project's folder and the models that only tests serve. */
export async function startRecipeServer(
  { folder }: Project,
  environment: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> {
  await run(process.execPath, [join(server, '../../node_modules/typescript/bin/tsc'), '-b', 'test'], { cwd: server });
  const models = join(folder, 'models');
  await mkdir(models);
  await writeFile(join(models, 'digits.onnx'), digits);
  const started = await startServer({
    MODEL_NAME: 'ocr,segment,vad,embed,count,draw,compare,say',
    EMBED_WEIGHTS: encoder,
    MODEL_REPOSITORY: models,
    ...environment,
  });
  await started.ready();
  return started;
}
