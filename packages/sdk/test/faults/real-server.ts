import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFixtures, encoder, serverFolder, type ServingProcess, startServing } from '../serving-process.ts';

export interface RealServer extends ServingProcess {
  /** The sum over the series of a metric that carry these labels; 0 when there is none yet. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

/** Starts the server with real engines, and with the models that only tests serve; `doubling` takes tensors. */
export async function startRealServer(models: readonly string[]): Promise<RealServer> {
  const program = await compileFixtures();
  const repository = await mkdtemp(join(tmpdir(), 'portico-sdk-models-'));
  const files = (await import(join(serverFolder, 'test/dist/onnx/models.js'))) as { doubling(): Uint8Array };
  await writeFile(join(repository, 'doubling.onnx'), files.doubling());
  const server = await startServing(program, {
    MODEL_NAME: models.join(','),
    MODEL_REPOSITORY: repository,
    EMBED_WEIGHTS: encoder,
    MODEL_CACHE_DIR: join(tmpdir(), 'portico-fixtures', 'cache'),
  });
  const { url } = server;
  return {
    url,
    metric: async (name, labels = {}) => metricIn(await (await fetch(`${url}/metrics`)).text(), name, labels),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(repository, { recursive: true });
    },
  };
}

function metricIn(text: string, name: string, labels: Readonly<Record<string, string>>): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return text
    .split('\n')
    .filter((line) => /^[^ {]+/.exec(line)?.[0] === name && wanted.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
