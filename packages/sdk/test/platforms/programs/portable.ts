import { bundledTasks, createPortico, type FileInput, isPorticoError, type TaskContracts } from '@portico/sdk';

/** What a platform needs to call the live server. */
export interface Place {
  readonly url: string;
  readonly key: string;
  readonly page: Uint8Array;
  readonly portrait: Uint8Array;
  readonly speech: Uint8Array;
}

/** The tasks of the server, and those that only tests serve. */
interface Contracts extends TaskContracts {
  copy: {
    accepts: 'file';
    input: never;
    params: object;
    output: { byteLength: number };
    item: never;
    produces: 'application/octet-stream';
  };
  compare: {
    accepts: 'form';
    input: { left: FileInput; right: FileInput };
    params: object;
    output: { left: { mediaType: string }; right: { mediaType: string } };
    item: { mediaType: string };
    produces: never;
  };
  say: {
    accepts: 'json';
    input: { text: string };
    params: object;
    output: { speech: string };
    item: never;
    produces: 'audio/wav';
  };
}

const tasks = { ...bundledTasks, copy: 'file', compare: 'form', say: 'json' } as const;

/** Calls the server in every way that all platforms have; resolves with plain JSON. */
export async function runEverything({ url, key, page, portrait, speech }: Place): Promise<object> {
  const portico = createPortico<Contracts>({ url, tasks, headers: { authorization: `Bearer ${key}` } });
  const { text, lines } = await portico.ocr(page);
  const segments = [];
  for await (const { start, end } of portico.vad.stream(speech)) segments.push([start, end]);
  const { models } = await portico.models();
  const png = await portico.segment.image(portrait, { output: 'cutout' });
  const hello = new Blob(['hello'], { type: 'text/plain' });
  const pair = { left: { data: portrait, name: 'portrait.png' }, right: hello };
  const { left, right } = await portico.compare(pair);
  let compared = 0;
  for await (const _item of portico.compare.stream(pair)) compared += 1;
  const copy = await portico.copy.blob(hello);
  const wav = await portico.say.blob({ text: 'hm' });
  return {
    ocr: { text, lines: lines.length },
    stream: segments,
    image: { type: png.type, isLarge: png.size > 10_000 },
    compare: [left.mediaType, right.mediaType],
    compareStream: compared,
    copy: [copy.type, await copy.text()],
    say: [wav.type, wav.size > 44],
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
