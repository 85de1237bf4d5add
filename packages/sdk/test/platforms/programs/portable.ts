import { createPortico, isPorticoError } from '@portico/sdk';

/** What a platform needs to call the live server. */
export interface Place {
  readonly url: string;
  readonly key: string;
  readonly page: Uint8Array;
  readonly portrait: Uint8Array;
  readonly speech: Uint8Array;
}

/** Calls the server in every way that all platforms have; resolves with plain JSON. */
export async function runEverything({ url, key, page, portrait, speech }: Place): Promise<object> {
  const portico = createPortico({ url, headers: { authorization: `Bearer ${key}` } });
  const { text, lines } = await portico.ocr(page);
  const segments = [];
  for await (const { start, end } of portico.vad.stream(speech)) segments.push([start, end]);
  const { models } = await portico.models();
  const png = await portico.segment.image(portrait, { output: 'cutout' });
  return {
    ocr: { text, lines: lines.length },
    stream: segments,
    image: { type: png.type, isLarge: png.size > 10_000 },
    embed: (await portico.embed({ texts: ['hello'] })).dimensions,
    gpu: typeof (await portico.gpu()).available,
    models: models.map(({ name }) => name),
    ready: (await portico.ready()).status,
    noImage: await refusal(() => portico.ocr(new TextEncoder().encode('no image'))),
    aborted: await refusal(() => portico.ocr(page, {}, { signal: AbortSignal.timeout(50) })),
    noServer: await refusal(() => createPortico({ url: 'http://127.0.0.1:9', retry: false }).ocr(page)),
  };
}

async function refusal(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (!isPorticoError(error)) throw error;
    const { code, status = null, requestId = '' } = error;
    return { code, status, hasRequestId: requestId.length > 0 };
  }
}
