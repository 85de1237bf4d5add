/** How long a download waits for what. */
export interface Patience {
  /** Milliseconds without a byte, or without a connection. */
  readonly stallMs: number;
  /** Before the second attempt; doubled before each further one. */
  readonly initialDelayMs: number;
  /** Neither the server nor the doubling makes a wait longer. */
  readonly maxDelayMs: number;
  /** Attempts in a row that bring nothing worth keeping. */
  readonly attempts: number;
}

export const usualPatience: Patience = {
  stallMs: 30_000,
  initialDelayMs: 1_000,
  maxDelayMs: 60_000,
  attempts: 5,
};

/** With a copy of before at hand there is less to wait for. */
export const attemptsWithCopy = 2;
