import { setTimeout as delay } from 'node:timers/promises';

/** Passes on what comes from `source`, and `filler` whenever nothing has come for so many milliseconds. */
export async function* withFiller<Item>(
  source: AsyncGenerator<Item, void, void>,
  filler: Item,
  milliseconds: number,
): AsyncGenerator<Item, void, void> {
  let next = source.next();
  try {
    for (;;) {
      const waiting = new AbortController();
      const silence = delay(milliseconds, undefined, { signal: waiting.signal, ref: false }).catch(() => undefined);
      const step = await Promise.race([next, silence]);
      waiting.abort();
      if (step?.done === true) return;
      if (step !== undefined) next = source.next();
      yield step === undefined ? filler : step.value;
    }
  } finally {
    // One that is still thinking ends when it has done so.
    void source.return();
  }
}
