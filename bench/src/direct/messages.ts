import type { ModelCode } from '@portico/server/internal/wire/messages';

/** Which model a process drives directly, and with what. */
export interface DirectSetup extends ModelCode {
  /** The input for every run: an encoded file, or a JSON value. */
  readonly input: { readonly file: string; readonly mediaType: string } | { readonly value: unknown };
  readonly params: unknown;
  readonly cacheDirectory: string;
}

/** What the bench tells it. */
export type DirectCommand = { readonly setup: DirectSetup } | { readonly runs: number };

/** What it answers: that it has loaded, or how many milliseconds each run took. */
export type DirectReply =
  | { readonly loaded: true }
  | { readonly durations: readonly number[] }
  | { readonly error: string };
