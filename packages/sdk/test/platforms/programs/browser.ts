import { createPortico, isPorticoError } from '@portico/sdk';

const query = new URLSearchParams(location.search);
const headers = { authorization: `Bearer ${query.get('key') ?? ''}` };
const portico = createPortico({ url: query.get('url') ?? '', headers });

const element = (selector: string): Element => {
  const found = document.querySelector(selector);
  if (found === null) throw new Error(`The page has no ${selector}.`);
  return found;
};

const fileIn = (selector: string): File => {
  const [file] = (element(selector) as HTMLInputElement).files ?? [];
  if (file === undefined) throw new Error(`${selector} has no file.`);
  return file;
};

async function refusal(call: Promise<unknown>): Promise<object> {
  try {
    await call;
    return { code: 'none' };
  } catch (error) {
    if (!isPorticoError(error)) throw error;
    const { code, status = null, requestId = '', retryAfterSeconds = null } = error;
    return { code, status, requestId, retryAfterSeconds };
  }
}

/** More at once than the server takes. */
const crowd = (page: File): Promise<object[]> =>
  Promise.all(Array.from({ length: 6 }, () => refusal(portico.ocr(page))));

async function ask(): Promise<object> {
  const page = fileIn('#page');
  const speech = fileIn('#speech');
  const { text, lines } = await portico.ocr(page);
  const segments = [];
  const data = new Uint8Array(await speech.arrayBuffer());
  for await (const { start, end } of await portico.trpc.vad.stream.mutate({ file: { data } })) {
    segments.push([start, end]);
  }
  const { models } = await portico.trpc.models.list.query();
  return {
    ocr: { text, lines: lines.length },
    stream: segments,
    models: models.map(({ name }) => name),
    ready: (await portico.ready()).status,
    noImage: await refusal(portico.ocr(new Blob(['no image']))),
    aborted: await refusal(portico.ocr(page, {}, { signal: AbortSignal.timeout(50) })),
    crowd: await crowd(page),
  };
}

/** On a page whose origin the server does not know. */
const askAsStranger = async (): Promise<object> => ({ ready: await refusal(portico.ready()) });

async function report(asking: Promise<object>): Promise<void> {
  const found = await asking.catch((error: unknown) => ({ error: String(error) }));
  element('#report').textContent = JSON.stringify(found);
  element('#report').removeAttribute('hidden');
}

element('#ask').addEventListener('click', () => void report(query.has('stranger') ? askAsStranger() : ask()));
