/** Servers to probe in turn. */
export interface ProbeCommand {
  readonly urls: readonly string[];
  readonly intervalMs: number;
  readonly seconds: number;
}

/** Milliseconds from sending to the last byte, by server, in the order of the command. */
export interface ProbeReply {
  readonly latencies: readonly (readonly number[])[];
  readonly failures: readonly string[];
}
