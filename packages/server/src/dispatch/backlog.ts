import type { Work } from './work.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * What waits for a model, and who goes next.
 * Suspects run alone and one at a time, and never twice in a row while healthy work waits: so a poisonous input
 * costs its mates a second run but never stops the traffic around it.
 */
export class Backlog {
  readonly #healthy = new WorkQueue();
  readonly #suspects = new WorkQueue();
  #suspectInEngine: Work | undefined;
  #lastWasSuspect = false;

  get size(): number {
    return this.#healthy.size + this.#suspects.size;
  }

  push(work: Work): void {
    this.#healthy.push(work);
  }

  /** Puts work back that was sent to an engine and has not been answered. */
  putBack(works: readonly Work[]): void {
    const open = works.filter((work) => !work.answered);
    this.#healthy.putBack(open.filter((work) => !work.suspect));
    this.#suspects.putBack(open.filter((work) => work.suspect));
  }

  remove(work: Work): boolean {
    return this.#healthy.remove(work) || this.#suspects.remove(work);
  }

  /** What a free replica should do next: one suspect, or up to `limit` healthy inputs. */
  takeForFree(limit: number): Work[] {
    const suspect = this.#suspects.first();
    if (suspect === undefined || this.#suspectInEngine !== undefined || this.#healthyFirst(suspect)) {
      return this.takeAhead(limit);
    }
    this.#suspectInEngine = suspect;
    this.#lastWasSuspect = true;
    return this.#suspects.take(1);
  }

  /** What may wait in an engine behind its run: never a suspect. */
  takeAhead(limit: number): Work[] {
    const works = this.#healthy.take(limit);
    if (works.length > 0) this.#lastWasSuspect = false;
    return works;
  }

  /** These have left their engine, whether answered or not. */
  left(works: readonly Work[]): void {
    if (this.#suspectInEngine !== undefined && works.includes(this.#suspectInEngine)) this.#suspectInEngine = undefined;
  }

  #healthyFirst(suspect: Work): boolean {
    const healthy = this.#healthy.first();
    return healthy !== undefined && (this.#lastWasSuspect || healthy.id < suspect.id);
  }
}
