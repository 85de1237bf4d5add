/** How long a download waits for what. */
export interface Patience {
  /** Milliseconds without a byte, or without a connection. */
  readonly stallMilliseconds: number;
  /** Before the second attempt; doubled before each further one. */
  readonly firstDelayMilliseconds: number;
  /** Neither the server nor the doubling makes a wait longer. */
  readonly longestDelayMilliseconds: number;
  /** Attempts in a row that bring nothing worth keeping. */
  readonly attempts: number;
}

export const usualPatience: Patience = {
  stallMilliseconds: 30_000,
  firstDelayMilliseconds: 1_000,
  longestDelayMilliseconds: 60_000,
  attempts: 5,
};

/** With a copy of before at hand there is less to wait for. */
export const attemptsWithCopy = 2;
