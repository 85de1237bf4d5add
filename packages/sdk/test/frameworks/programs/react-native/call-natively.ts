import { createPortico, isPorticoError } from '@portico/sdk';

/** What the test says. */
export interface Place {
  readonly url: string;
  readonly apiKey: string;
  /** `file:` URLs of the device. */
  readonly picture: string;
  readonly document: string;
}

async function errorOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return isPorticoError(error) ? `${error.code}: ${error.message}` : String(error);
  }
}

/** Calls the server as an app does; the results by what was done. */
export async function callNatively({ url, apiKey, picture, document }: Place): Promise<Record<string, unknown>> {
  const tasks = { copy: 'file', compare: 'form', draw: 'image', count: 'json' } as const;
  const portico = createPortico({ url, apiKey, tasks, retry: false });
  const photo = { uri: picture, name: 'a "photo", ü.png', type: 'image/png' };
  const paper = { uri: document, type: 'application/pdf' };
  const results: Record<string, unknown> = {};
  const run = async (what: string, call: () => Promise<unknown>): Promise<void> => {
    results[what] = await call().catch((error: unknown) => String((error as Error).stack ?? error));
  };
  const sizeOf = async (input: unknown): Promise<unknown> =>
    ((await portico.copy(input as Blob)) as { byteLength: number }).byteLength;

  await run('a file of the device', async () => sizeOf(paper));
  await run('files of the device, and parameters', async () => {
    const { note, left, right } = (await portico.compare({ left: photo, right: paper }, { note: 'wörld "x"' })) as {
      note: string;
      left: { mediaType: string };
      right: { mediaType: string };
    };
    return [note, left.mediaType, right.mediaType];
  });
  await run('a file of which only the name of the task is known', async () => {
    const { copy } = createPortico({ url, apiKey, tasks: ['copy'], retry: false });
    return ((await copy(paper)) as { byteLength: number }).byteLength;
  });
  await run('bytes', async () => sizeOf({ data: new Uint8Array(1_000), mediaType: 'application/pdf' }));
  await run('a data URL', async () => sizeOf('data:text/plain;base64,aGVsbG8='));
  await run('a Blob', async () => {
    const response = await fetch(document);
    return sizeOf(await response.blob());
  });
  await run('a Blob and bytes', async () => {
    const left = await (await fetch(picture)).blob();
    const { right } = (await portico.compare({ left, right: new Uint8Array([37, 80, 68, 70, 45]) })) as {
      right: { mediaType: string };
    };
    return right.mediaType;
  });
  await run('a file of the device and bytes', async () =>
    errorOf(portico.compare({ left: photo, right: new Uint8Array(5) })),
  );
  await run('a file that is not there', async () => errorOf(sizeOf({ uri: `${document}.not` })));
  await run('JSON', async () => ((await portico.count({ to: 3 })) as { count: number }).count);
  await run('models', async () => (await portico.models()).models.length);
  await run('a picture', async () => {
    const { type, size } = await portico.draw.image(photo);
    return [type, size > 0];
  });
  await run('a refusal', async () => errorOf(portico.draw(new Uint8Array([1]))));
  await run('progress', async () => {
    let last = { loaded: 0, total: 0 };
    await portico.copy(paper, {}, { onUploadProgress: (progress) => (last = progress) });
    return last.loaded > 0 && last.loaded === last.total;
  });
  await run('an abort', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    return errorOf(portico.count({ to: 1_000, milliseconds: 100 }, {}, { signal: controller.signal }));
  });
  await run('a stream', async () => errorOf(portico.count.stream({ to: 3 }).next()));
  return results;
}

Object.assign(globalThis, { callNatively });
