import { createPortico, isPorticoError, type UploadProgress } from '@portico/sdk';

const query = new URLSearchParams(location.search);
const headers = { authorization: `Bearer ${query.get('key') ?? ''}` };
const portico = createPortico({ url: query.get('url') ?? '', headers, retry: false });

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

/** More calls at once than the server accepts. */
const crowd = (page: File): Promise<object[]> =>
  Promise.all(Array.from({ length: 6 }, () => refusal(portico.ocr(page))));

/** Aborts once the server has the whole upload and is running. */
function abortRunning(page: File): Promise<object> {
  const controller = new AbortController();
  const onUploadProgress = ({ loaded, total }: UploadProgress): void => {
    if (loaded === total) setTimeout(() => controller.abort(), 100);
  };
  return refusal(portico.ocr(page, {}, { signal: controller.signal, onUploadProgress }));
}

async function runTasks(): Promise<object> {
  const page = fileIn('#page');
  const uploads: UploadProgress[] = [];
  const { text, lines } = await portico.ocr(page, {}, { onUploadProgress: (progress) => uploads.push(progress) });
  const segments = [];
  for await (const { start, end } of portico.vad.stream(fileIn('#speech'))) segments.push([start, end]);
  const png = await portico.segment.image(fileIn('#portrait'), { output: 'cutout' });
  const { models } = await portico.models();
  return {
    ocr: { text, lines: lines.length },
    upload: { events: uploads.length, last: uploads.at(-1), pageBytes: page.size },
    stream: segments,
    image: { type: png.type, isLarge: png.size > 10_000 },
    models: models.map(({ name }) => name),
    gpu: typeof (await portico.gpu()).available,
    ready: (await portico.ready()).status,
    noImage: await refusal(portico.ocr(new Blob(['no image']))),
    aborted: await refusal(portico.ocr(page, {}, { signal: AbortSignal.timeout(50) })),
    abortedAtWork: await abortRunning(page),
    crowd: await crowd(page),
  };
}

/** On a page whose origin the server does not allow. */
const runAsStranger = async (): Promise<object> => ({ ready: await refusal(portico.ready()) });

async function report(running: Promise<object>): Promise<void> {
  const found = await running.catch((error: unknown) => ({ error: String(error) }));
  element('#report').textContent = JSON.stringify(found);
  element('#report').removeAttribute('hidden');
}

element('#run').addEventListener('click', () => void report(query.has('stranger') ? runAsStranger() : runTasks()));
