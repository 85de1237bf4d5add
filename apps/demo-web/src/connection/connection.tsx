'use client';

import {
  createPortico,
  type GpuStatus,
  isPorticoError,
  type ModelList,
  type Portico,
  type ReadyStatus,
} from '@portico/sdk';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { readStatus } from './server-status.ts';
import { settings } from './settings.ts';

/** Between looks at the server: while something is expected to change, and while nothing is. */
const pollMs = { restless: 1_000, calm: 5_000 };
/** A look at the server that takes longer counts as no response. */
const lookTimeoutMs = 4_000;

export type Model = ModelList['models'][number];
/** Of a file; a task has none. */
export const versionOf = (model: Model): string | undefined => (model.kind === 'tensors' ? model.version : undefined);
export type TaskModel = Extract<Model, { kind: 'task' }>;

/** The server as it was last seen. */
export interface ServerState {
  /** lost: it does not respond. refused: it requires another API key. */
  readonly phase: 'connecting' | 'connected' | 'lost' | 'refused';
  /** Why it is lost or refused. */
  readonly error: Error | undefined;
  /** The served models. They stay while the server is lost. */
  readonly models: readonly Model[];
  /** Undefined until the server has responded for the first time. */
  readonly ready: ReadyStatus | undefined;
  readonly gpu: GpuStatus | undefined;
}

/** A server and how to reach it. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly apiKey: string;
  readonly portico: Portico;
  readonly state: ServerState;
  /** Looks at the server now: a call has failed in a way that says something about it. */
  readonly look: () => void;
}

const unseen: ServerState = { phase: 'connecting', error: undefined, models: [], ready: undefined, gpu: undefined };

const ConnectionContext = createContext<Connection | undefined>(undefined);

/** The server of this page. */
export function useConnection(): Connection {
  const connection = use(ConnectionContext);
  if (connection === undefined) throw new Error('There is no ConnectionProvider above this component.');
  return connection;
}

/** Connects to the server and watches it. */
export function ConnectionProvider({ defaultUrl, children }: { defaultUrl: string; children: ReactNode }) {
  const { url: chosenUrl, apiKey } = settings.use();
  const url = (chosenUrl || defaultUrl).replace(/\/+$/, '');
  const portico = useMemo(() => createPortico({ url, apiKey }), [url, apiKey]);
  const { state, look } = useServerState(url, portico);
  const connection = useMemo(() => ({ url, apiKey, portico, state, look }), [url, apiKey, portico, state, look]);
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

/** Looks at the server again and again while the page is visible. */
function useServerState(url: string, portico: Portico): Pick<Connection, 'state' | 'look'> {
  const [seen, setSeen] = useState({ url, state: unseen });
  const lookNow = useRef((): void => {});
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      const news = document.hidden ? undefined : await lookAt(portico, leaving.signal);
      if (leaving.signal.aborted) return;
      if (news !== undefined) setSeen((before) => withNews(before, url, news));
      // A server that refuses the key waits for another, not for a look.
      const calm = news === undefined || news.phase === 'refused' || news.ready?.status === 'ready';
      timer = setTimeout(() => void look(), calm ? pollMs.calm : pollMs.restless);
    };
    const onVisible = (): void => void (document.hidden || look());
    document.addEventListener('visibilitychange', onVisible);
    lookNow.current = () => void look();
    void look();
    return () => {
      leaving.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [url, portico]);
  const look = useCallback(() => lookNow.current(), []);
  return { state: seen.url === url ? seen.state : unseen, look };
}

async function lookAt(portico: Portico, signal: AbortSignal): Promise<Partial<ServerState>> {
  const options = { signal, timeoutMs: lookTimeoutMs, retry: false } as const;
  try {
    const responses = await Promise.all([portico.models(options), portico.ready(options), portico.gpu(options)]);
    return { phase: 'connected', error: undefined, ...readStatus(...responses) };
  } catch (error) {
    const refused = isPorticoError(error, 'UNAUTHORIZED');
    return { phase: refused ? 'refused' : 'lost', error: error as Error };
  }
}

interface Seen {
  readonly url: string;
  readonly state: ServerState;
}

/** The same object if nothing has changed, so that nothing is rendered. */
function withNews(before: Seen, url: string, news: Partial<ServerState>): Seen {
  const known = before.url === url ? before.state : unseen;
  const state = { ...known, ...news };
  return known === before.state && textOf(state) === textOf(known) ? before : { url, state };
}

/** What cannot be written as text, because it is too deep, is like nothing. */
function textOf(state: ServerState): unknown {
  try {
    return JSON.stringify(state);
  } catch {
    return {};
  }
}
