import { expect, it } from 'vitest';
import { respawnDelay } from './slot.ts';

it('three exits in a row are followed by a respawn at once, the others after ever longer pauses up to half a minute', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 10_000].map(respawnDelay)).toEqual([
    0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
  ]);
});
