'use client';

import { createPortico, type ModelList, type Portico, type ReadyStatus } from '@portico/sdk';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { useSettings } from './settings.ts';

/** Between looks at the server: while something changes, and while nothing does. */
const pollMs = { restless: 1_000, calm: 5_000 };
/** A look at the server that takes longer counts as no response. */
const lookTimeoutMs = 4_000;

export type Model = ModelList['models'][number];
export type TaskModel = Extract<Model, { kind: 'task' }>;

/** The server as it was last seen. */
export type ServerState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'unreachable'; readonly error: unknown }
  | { readonly phase: 'connected'; readonly models: readonly Model[]; readonly ready: ReadyStatus };

/** A server and how to reach it. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly apiKey: string;
  readonly portico: Portico;
  readonly state: ServerState;
}

const ConnectionContext = createContext<Connection | undefined>(undefined);

/** The server of this page. */
export function useConnection(): Connection {
  const connection = use(ConnectionContext);
  if (connection === undefined) throw new Error('There is no ConnectionProvider above this component.');
  return connection;
}

/** The description of a task; undefined if it is not served, or not known yet. */
export function useTask(name: string): TaskModel | undefined {
  const { state } = useConnection();
  if (state.phase !== 'connected') return undefined;
  return state.models.find((model): model is TaskModel => model.kind === 'task' && model.name === name);
}

/** Connects to the server and watches it. */
export function ConnectionProvider({ defaultUrl, children }: { defaultUrl: string; children: ReactNode }) {
  const settings = useSettings();
  const url = (settings.url || defaultUrl).replace(/\/+$/, '');
  const { apiKey } = settings;
  const portico = useMemo(
    () => createPortico({ url, headers: { 'x-api-key': apiKey === '' ? undefined : apiKey } }),
    [url, apiKey],
  );
  const state = useServerState(portico);
  const connection = useMemo(() => ({ url, apiKey, portico, state }), [url, apiKey, portico, state]);
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

/** Looks at the server again and again while the page is visible. */
function useServerState(portico: Portico): ServerState {
  const [seen, setSeen] = useState<{ of: Portico; state: ServerState }>();
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      const state = document.hidden ? undefined : await lookAt(portico, leaving.signal);
      if (leaving.signal.aborted) return;
      if (state !== undefined) setSeen({ of: portico, state });
      const calm = state === undefined || (state.phase === 'connected' && state.ready.status === 'ready');
      timer = setTimeout(() => void look(), calm ? pollMs.calm : pollMs.restless);
    };
    const onVisible = (): void => void (document.hidden || look());
    document.addEventListener('visibilitychange', onVisible);
    void look();
    return () => {
      leaving.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [portico]);
  return seen?.of === portico ? seen.state : { phase: 'connecting' };
}

async function lookAt(portico: Portico, signal: AbortSignal): Promise<ServerState> {
  const options = { signal, timeoutMs: lookTimeoutMs, retry: false } as const;
  try {
    const [{ models }, ready] = await Promise.all([portico.models(options), portico.ready(options)]);
    return { phase: 'connected', models, ready };
  } catch (error) {
    return { phase: 'unreachable', error };
  }
}
