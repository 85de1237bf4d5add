import type { Round } from './reading.ts';

/** What the bench tells the process that runs Portico's model. */
export type PorticoCommand =
  | { readonly load: { readonly files: readonly string[]; readonly cacheDirectory: string } }
  | { readonly round: true };

/** What it answers. */
export type PorticoReply = { readonly loaded: true } | { readonly round: Round } | { readonly error: string };
