import type { IncomingHttpHeaders } from 'node:http';

/** One request of a load. */
export interface LoadRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** The same request every time, or one made for each turn, counted from 0. */
export type RequestSource = LoadRequest | ((turn: number) => LoadRequest);

export interface LoadAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Says what is wrong with an answer, or throws it; nothing when all is well. It sees every answer, whatever its status. */
export type Check = (answer: LoadAnswer) => string | undefined;

export const requestAt = (source: RequestSource, turn: number): LoadRequest =>
  typeof source === 'function' ? source(turn) : source;
