import type { Patience } from './patience.ts';

/**
 * Milliseconds before the next attempt: doubled after each failure, up to half of it taken off at random so that many
 * servers do not come back at once, and never less than the other side asks for, within reason.
 */
export function retryDelay(
  failures: number,
  retryAfterMs: number,
  patience: Patience,
  random: () => number = Math.random,
): number {
  const { initialDelayMs, maxDelayMs } = patience;
  const doubled = initialDelayMs * 2 ** (failures - 1);
  const asked = Math.max(doubled * (1 - random() / 2), retryAfterMs);
  return Math.min(asked, maxDelayMs);
}

/** `Retry-After` in milliseconds from now: seconds or a date; 0 where there is none that can be read. */
export function retryAfter(header: string | undefined, now: number = Date.now()): number {
  if (header === undefined) return 0;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  return Math.max(0, (Date.parse(header) || now) - now);
}
