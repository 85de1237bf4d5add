import { models } from '@portico/models';
import { parseConfig } from '@portico/server/internal/config';
import { modelRegistry } from '@portico/server/internal/model/register-model';
import { startHttpSide } from '../../doors/support/http-side.ts';
import type { ImageFacts } from './pods.ts';

/** Of a model that does not set one itself, and of an ONNX file. */
const defaultTimeoutSeconds = 60;
/** What the server adds to the longest timeout. */
const finishSeconds = 5;

/** Files of a repository exist in the cluster only. */
const inTheCluster = 'MODEL_REPOSITORY';

const registry = modelRegistry(models);

/** The images of this repository, by name; the HTTP side of the server says which of these paths are routes. */
export async function bundledImages(paths: readonly string[]): Promise<Readonly<Record<string, ImageFacts>>> {
  await using server = await startHttpSide({});
  const statuses = await Promise.all(
    paths.map(async (path) => [path, (await fetch(`${server.url}${path}`)).status] as const),
  );
  const routes = new Set(statuses.filter(([, status]) => status !== 404).map(([path]) => path));
  return { portico: portico((path) => routes.has(path)), 'portico-demo': demo };
}

/** The bundled service: its own configuration judges the environment. */
const portico = (answers: (path: string) => boolean): ImageFacts => ({
  answers,
  needs: ({ [inTheCluster]: repository, ...environment }, machine) => {
    try {
      const {
        models: served,
        drainMs,
        shutdownMs,
        shares,
        maxInferTimeoutMs = Infinity,
      } = parseConfig(environment, registry, machine);
      const timeouts = served.map(({ name }) => registry.get(name)?.settings.timeoutSeconds ?? defaultTimeoutSeconds);
      if (repository !== undefined) timeouts.push(defaultTimeoutSeconds);
      const longestSeconds = Math.min(Math.max(0, ...timeouts), maxInferTimeoutMs / 1_000);
      const stopSeconds =
        shutdownMs === undefined ? drainMs / 1_000 + longestSeconds + finishSeconds : shutdownMs / 1_000;
      return { stopSeconds, memoryBytes: shares.neededBytes + machine.memoryBytes - shares.availableBytes };
    } catch (error) {
      return (error as Error).message;
    }
  },
});

/** The demo page: its server answers at once, and holds nothing. */
const demo: ImageFacts = {
  answers: (path) => path === '/',
  needs: () => ({ stopSeconds: 5, memoryBytes: 0 }),
};
