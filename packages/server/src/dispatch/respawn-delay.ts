/** Deaths in a row that are answered by an immediate respawn. */
const freeDeaths = 3;
const initialDelayMs = 1_000;
const maxDelayMs = 30_000;

/** Milliseconds to wait before the next respawn, after so many deaths with no success between. */
export function respawnDelay(deathsInARow: number): number {
  if (deathsInARow <= freeDeaths) return 0;
  return Math.min(maxDelayMs, initialDelayMs * 2 ** (deathsInARow - freeDeaths - 1));
}
