import { damaged } from './damage.ts';
import { delivered, type Delivery } from './delivery.ts';
import { Random } from './random.ts';
import { type HttpRequest, type Media, validRequest } from './valid-requests.ts';

/** One bad request: what it was before, what is sent, and how. */
export interface HostileRequest {
  /** Sends it again: `--seed` and `--from`. */
  readonly seed: number;
  readonly index: number;
  readonly request: HttpRequest;
  readonly delivery: Delivery;
}

/** The bad request of this number. The same seed, number and media make the same bytes. */
export function hostileRequest(seed: number, index: number, media: Media): HostileRequest {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const valid = validRequest(random, media);
  // What is delivered badly need not be damaged, and the other way round.
  const request = random.chance(0.8) ? damaged(random, valid) : valid;
  return { seed, index, request, delivery: delivered(random, request) };
}
