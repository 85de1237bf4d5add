import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@portico/schemas';
import { defineModel } from '@portico/server/model';
import { countdown } from './contract.ts';

/** Counts until the client leaves. */
export default defineModel(countdown, {
  async load() {},
  async run(inputs, { signal }) {
    const results = [];
    for (const { input, params, emit } of inputs) {
      for (let number = input.from; number > 0; number--) {
        await (input.pauseMs > 0 ? sleep(input.pauseMs) : immediate());
        if (signal.aborted) throw new Failure('CANCELLED', 'No client waits.');
        emit({ number });
      }
      results.push({ count: input.from, word: params.word });
    }
    return results;
  },
  warmUp: () => ({ input: { from: 1, pauseMs: 0 }, params: { word: '' }, emit: () => {} }),
});
