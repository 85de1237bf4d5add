import { createPortico, isPorticoError } from '@portico/sdk';

/** What a platform has to know to ask the live server. */
export interface Place {
  readonly url: string;
  readonly key: string;
  readonly page: Uint8Array;
  readonly speech: Uint8Array;
}

/** Asks the server in ways that every platform has; answers with plain JSON. */
export async function askEverything({ url, key, page, speech }: Place): Promise<object> {
  const portico = createPortico({ url, headers: { authorization: `Bearer ${key}` } });
  const { text, lines } = await portico.ocr(page);
  const segments = [];
  for await (const { start, end } of await portico.trpc.vad.stream.mutate({ file: { data: speech } })) {
    segments.push([start, end]);
  }
  const { models } = await portico.trpc.models.list.query();
  return {
    ocr: { text, lines: lines.length },
    stream: segments,
    models: models.map(({ name }) => name),
    ready: (await portico.ready()).status,
    noImage: await refusal(() => portico.ocr(new TextEncoder().encode('no image'))),
    aborted: await refusal(() => portico.ocr(page, {}, { signal: AbortSignal.timeout(50) })),
    noServer: await refusal(() => createPortico({ url: 'http://127.0.0.1:9' }).ocr(page)),
  };
}

async function refusal(ask: () => Promise<unknown>): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    if (!isPorticoError(error)) throw error;
    const { code, status = null, requestId = '' } = error;
    return { code, status, hasRequestId: requestId.length > 0 };
  }
}
