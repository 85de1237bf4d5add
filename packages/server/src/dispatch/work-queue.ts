import type { Work } from './work.ts';

/** Work in order of arrival. Removing any of it is cheap, because clients leave at any time. */
export class WorkQueue {
  /** A Map keeps the order of insertion and forgets a key in constant time. */
  #works = new Map<number, Work>();

  get size(): number {
    return this.#works.size;
  }

  first(): Work | undefined {
    return this.#works.values().next().value;
  }

  push(work: Work): void {
    this.#works.set(work.id, work);
  }

  /** Puts work back where its arrival belongs: before everything that came later. */
  putBack(works: readonly Work[]): void {
    if (works.length === 0) return;
    const all = [...works, ...this.#works.values()].sort((one, other) => one.id - other.id);
    this.#works = new Map(all.map((work) => [work.id, work]));
  }

  remove(work: Work): boolean {
    return this.#works.delete(work.id);
  }

  /** Takes up to `limit` of the oldest. */
  take(limit: number): Work[] {
    const taken: Work[] = [];
    for (const work of this.#works.values()) {
      if (taken.length === limit) break;
      taken.push(work);
      this.#works.delete(work.id);
    }
    return taken;
  }
}
