import { createPortico, isPorticoError } from '@portico/sdk';
import { runEverything } from './portable.ts';

/** What the configuration binds. */
interface Bindings {
  readonly url: string;
  readonly key: string;
  readonly page: ArrayBuffer;
  readonly portrait: ArrayBuffer;
  readonly speech: ArrayBuffer;
}

/** The result for a path, where there are no files. */
async function openPath(url: string, key: string): Promise<string> {
  const portico = createPortico({ url, headers: { authorization: `Bearer ${key}` } });
  try {
    await portico.faces({ data: 'astronaut.png' });
    return 'opened';
  } catch (error) {
    return isPorticoError(error) ? error.code : String(error);
  }
}

export default {
  async fetch(_request: Request, { url, key, page, portrait, speech }: Bindings): Promise<Response> {
    const place = { page: new Uint8Array(page), portrait: new Uint8Array(portrait), speech: new Uint8Array(speech) };
    const report = await runEverything({ url, key, ...place });
    return Response.json({ ...report, path: await openPath(url, key) });
  },
};
