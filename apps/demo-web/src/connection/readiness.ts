import type { ReadyStatus } from '@portico/sdk';
import type { ServerState } from './connection.tsx';

/** Whether one model can serve requests. */
export type Readiness = ReadyStatus['models'][number];

/** Whether a model serves, and if not, why. */
export interface Health {
  readonly state: 'ready' | 'fewer' | 'waiting' | 'unknown';
  /** In a few words: "replicas 2/2", "warming up". */
  readonly detail: string;
  /** Of a download, 0 to 1. */
  readonly progress: number | undefined;
}

/** The health of a model as it was last seen. While the server is lost nothing is known. */
export function healthOf({ phase, ready }: ServerState, kind: Readiness['kind'], name: string): Health {
  const readiness = ready?.models.find((model) => model.kind === kind && model.name === name);
  if (readiness === undefined || ready === undefined || phase === 'lost' || phase === 'refused') {
    return { state: 'unknown', detail: phase === 'connecting' ? 'connecting' : 'unknown', progress: undefined };
  }
  const { replicas } = readiness;
  const detail = ready.status === 'ready' ? undefined : detailOf(ready.detail, name);
  if (replicas.ready === 0) {
    const reason = detail ?? 'starting';
    const percent = /\((\d+) %\)/.exec(reason)?.[1];
    return { state: 'waiting', detail: reason, progress: percent === undefined ? undefined : Number(percent) / 100 };
  }
  const state = replicas.ready < replicas.target ? 'fewer' : 'ready';
  return { state, detail: `replicas ${replicas.ready}/${replicas.target}`, progress: undefined };
}

/** The part of a server's explanation that is about one model: each begins with "Model <name> is not ready:". */
export function detailOf(explanation: string, model: string): string | undefined {
  const parts = explanation.split(/(?:^| )Model (\S+) is not ready: /);
  const index = parts.findIndex((part, at) => at % 2 === 1 && part === model);
  return index === -1 ? undefined : parts[index + 1];
}
