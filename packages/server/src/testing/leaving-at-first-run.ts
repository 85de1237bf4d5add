import type { LoadContext } from '../model/model.ts';
import { createSession } from './create-session.ts';

/** Sessions during whose first run the last client leaves. */
export class LeavingAtFirstRun {
  readonly #client = new AbortController();
  runs = 0;

  get signal(): AbortSignal {
    return this.#client.signal;
  }

  readonly createSession: LoadContext['createSession'] = async (path, signature) => {
    const session = await createSession(path, signature);
    return {
      run: (feeds) => {
        this.runs += 1;
        this.#client.abort();
        return session.run(feeds);
      },
    };
  };
}
