import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type { ModelDescription } from '@portico/schemas';
import { startServer } from './server-process.ts';

const gibibyte = 1024 ** 3;

/** One line about the machine and its load: figures of a busy one say little. */
export function describeMachine(): string {
  const load = loadavg().map((value) => value.toFixed(2));
  return (
    `${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${(totalmem() / gibibyte).toFixed(0)} GB, ` +
    `${process.platform} ${release()} ${process.arch}; load average ${load.join(', ')}.`
  );
}

/** The versions that a server reports of itself. */
export async function describeVersions(modelFolder: string): Promise<string> {
  await using server = await startServer({ models: 'tiny', modelFolder, environment: { REPLICAS: '1' } });
  await server.ready();
  const [model] = (await server.models()) as readonly [ModelDescription];
  return `Node ${process.versions.node}, Portico ${model.versions.portico}, ONNX Runtime ${model.versions.onnxruntime} on ${model.device}.`;
}
