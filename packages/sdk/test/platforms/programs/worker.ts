import { askEverything } from './portable.ts';

/** What `worker.capnp` binds. */
interface Bindings {
  readonly url: string;
  readonly key: string;
  readonly page: ArrayBuffer;
  readonly speech: ArrayBuffer;
}

export default {
  async fetch(_request: Request, { url, key, page, speech }: Bindings): Promise<Response> {
    return Response.json(await askEverything({ url, key, page: new Uint8Array(page), speech: new Uint8Array(speech) }));
  },
};
