import { createPortico, type Fetch, isPorticoError } from '@portico/sdk';

/** What an environment's test is told. */
export interface Place {
  readonly url: string;
  readonly apiKey: string;
  /** A picture of the machine. */
  readonly picture: string;
  /** @default the environment's own */
  readonly fetch?: Fetch;
}

/** Bytes of every kind, which a server takes for a PDF. */
const document = bytesOf('%PDF-1.7\r\n\0\n\r\u0080\u00FF');
const base64 = btoa(String.fromCharCode(...document));
const awkward = 'a "quoted" name,\r\nwörld 日本.pdf';

const loadNode = (name: string): unknown =>
  (globalThis as unknown as { process?: { getBuiltinModule?: (name: string) => unknown } }).process?.getBuiltinModule?.(
    name,
  );

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield document.slice(0, 5);
  yield document.slice(5);
}

/** The document in every form that the environment has. */
function documents(): Record<string, unknown> {
  const found: Record<string, unknown> = {
    bytes: document,
    buffer: document.slice().buffer,
    'data URL': `data:application/pdf;base64,${base64}`,
    pieces: pieces(),
    named: { data: document, name: awkward, mediaType: 'application/pdf' },
  };
  if (typeof Blob === 'function') found['Blob'] = new Blob([document], { type: 'application/pdf' });
  if (typeof File === 'function') found['File'] = new File([document], awkward, { type: 'application/pdf' });
  if (typeof FormData === 'function' && typeof File === 'function') {
    const form = new FormData();
    form.append('file', new File([document], 'a.pdf', { type: 'application/pdf' }));
    // Another library's form makes text of it.
    if (typeof form.get('file') === 'object') found['file of a form'] = form.get('file');
  }
  if (typeof Response === 'function') found['body of a response'] = new Response(document).body ?? document;
  const node = loadNode('buffer') as { Blob: typeof Blob; Buffer: typeof Buffer } | undefined;
  if (node !== undefined) {
    found["Node's Blob"] = new node.Blob([document], { type: 'application/pdf' });
    found["Node's Buffer"] = node.Buffer.from(document);
  }
  return found;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'none';
  } catch (error) {
    return isPorticoError(error) ? error.code : String(error);
  }
}

/** Calls the server in every way; what went wrong, by what was tried. Nothing if all is well. */
export async function callEverything({ url, apiKey, picture, fetch }: Place): Promise<Record<string, unknown>> {
  const tasks = { copy: 'file', compare: 'form', draw: 'image', count: 'json' } as const;
  const portico = createPortico({ url, apiKey, tasks, retry: false, ...(fetch && { fetch }) });
  const wrong: Record<string, unknown> = {};
  const expect = async (what: string, expected: unknown, run: () => Promise<unknown>): Promise<void> => {
    const actual = await run().catch((error: unknown) => String((error as Error).stack ?? error));
    if (JSON.stringify(actual) !== JSON.stringify(expected)) wrong[what] = actual;
  };

  for (const [name, input] of Object.entries(documents()))
    await expect(name, base64, async () => {
      const { copy } = (await portico.copy(input as Blob)) as { copy: string };
      return copy.slice(copy.indexOf(',') + 1);
    });
  await expect('a form', ['a "note",\nwörld', 'application/pdf'], async () => {
    const left = typeof File === 'function' ? new File([pixel()], 'ü.png', { type: 'image/png' }) : pixel();
    const { note, right } = (await portico.compare(
      { left, right: { data: document, name: awkward } },
      { note: 'a "note",\nwörld' },
    )) as { note: string; right: { mediaType: string } };
    return [note, right.mediaType];
  });
  await expect('a batch', [true, true], async () => {
    const results = await portico.copy.batch([document, document]);
    return results.map(({ ok }) => ok);
  });
  await expect('JSON', 3, async () => ((await portico.count({ to: 3 })) as { count: number }).count);
  await expect('models', 4, async () => (await portico.models()).models.length);
  await expect('ready', 'ready', async () => (await portico.ready()).status);
  await expect('refused', 'UNSUPPORTED_MEDIA_TYPE', async () => codeOf(portico.draw(Uint8Array.of(1, 2, 3))));
  await expect('no file', 'BAD_INPUT', async () => codeOf(portico.draw(7 as never)));
  await expect('aborted', 'ABORTED', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    return codeOf(portico.count({ to: 1_000, milliseconds: 100 }, {}, { signal: controller.signal }));
  });
  await expect('timed out', 'TIMEOUT', async () =>
    codeOf(portico.count({ to: 1_000, milliseconds: 100 }, {}, { timeoutMs: 100 })),
  );
  await expect('bytes', 'image/png', async () => (await portico.draw.image(pixel())).type);
  await expect('a stream', [1, 2, 3], async () => {
    const numbers = [];
    for await (const item of portico.count.stream({ to: 3 })) numbers.push((item as { number: number }).number);
    return numbers;
  });
  await expect('a path', loadNode('fs') === undefined ? 'BAD_INPUT' : 'none', async () =>
    codeOf(portico.draw(picture)),
  );
  await expect('progress', true, async () => {
    let last = { loaded: 0, total: 0 };
    await portico.copy(document, {}, { onUploadProgress: (progress) => (last = progress) });
    return last.loaded === last.total;
  });
  return wrong;
}

/** A picture of one pixel. */
const pixel = (): Uint8Array =>
  bytesOf(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='));

/** A byte for each letter. */
function bytesOf(letters: string): Uint8Array {
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
