import type { ReadyStatus } from '@portico/sdk';
import type { ServerState } from './connection.tsx';

/** Whether one model can serve requests. */
export type Readiness = ReadyStatus['models'][number];

type LoadedFile = NonNullable<Readiness['progress']>['file'];

/** Whether a model serves, and if not, why. */
export interface Health {
  readonly state: 'ready' | 'fewer' | 'waiting' | 'failed' | 'unknown';
  /** In a few words: "replicas 2/2", "warming up". */
  readonly detail: string;
  /** Of a file that is downloaded or verified, 0 to 1. */
  readonly progress: number | undefined;
  /** Why a file of the model repository did not load: other models are served all the same. */
  readonly problem?: string;
}

/** The health of a model, or of one version of a file, as it was last seen. While the server is lost nothing is known. */
export function healthOf(
  { phase, ready }: ServerState,
  kind: Readiness['kind'],
  name: string,
  version?: string,
): Health {
  const readiness = ready?.models.find(
    (model) => model.kind === kind && model.name === name && (version === undefined || model.variant === version),
  );
  if (readiness === undefined || ready === undefined || phase === 'lost' || phase === 'refused') {
    return { state: 'unknown', detail: phase === 'connecting' ? 'connecting' : 'unknown', progress: undefined };
  }
  const { replicas } = readiness;
  const detail = ready.status === 'ready' ? undefined : detailOf(ready.detail, name);
  if (replicas.ready === 0) {
    const error: unknown = readiness.progress?.error;
    if (kind === 'tensors' && typeof error === 'string') {
      return { state: 'failed', detail: 'failed to load', progress: undefined, problem: error };
    }
    return { state: 'waiting', detail: detail ?? 'starting', progress: shareOf(readiness.progress?.file) };
  }
  const state = replicas.ready < replicas.target ? 'fewer' : 'ready';
  return { state, detail: `replicas ${replicas.ready}/${replicas.target}`, progress: undefined };
}

/** The part of a server's explanation that is about one model: each is a sentence that begins with "Model <name> is not ready:". */
export function detailOf(explanation: string, model: string): string | undefined {
  const parts = explanation.split(/(?:^| )Model (\S+) is not ready: /);
  const index = parts.findIndex((part, at) => at % 2 === 1 && part === model);
  return index === -1 ? undefined : parts[index + 1]?.replace(/\.$/, '');
}

/** How much of a file is there; undefined where its length is not known. The server may be of any version and kind. */
function shareOf(file: LoadedFile | null | undefined): number | undefined {
  const { bytes, totalBytes } = file ?? {};
  if (typeof bytes !== 'number' || typeof totalBytes !== 'number' || totalBytes <= 0) return undefined;
  return Math.min(1, Math.max(0, bytes / totalBytes));
}
