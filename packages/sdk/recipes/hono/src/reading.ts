import { createPortico, isPorticoError, PorticoError, type PorticoErrorCode } from '@portico/sdk';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY } = process.env;
const portico = createPortico({ url: PORTICO_URL, apiKey: PORTICO_KEY, timeoutMs: 30_000 });

export const reading = new Hono();
reading.use(bodyLimit({ maxSize: 20 * 2 ** 20 }));

/** Reads the text of a picture. */
reading.post('/text', async (context) => {
  const traceparent = context.req.header('traceparent');
  const { text } = await portico.ocr(await fileOf(context), {}, { signal: context.req.raw.signal, traceparent });
  return context.json({ text });
});

/** Sends each segment of speech in a recording as soon as it is found. */
reading.post('/speech', async (context) => {
  const segments = portico.vad.stream(await fileOf(context), {}, { signal: context.req.raw.signal });
  // An error before the first segment has a status of its own.
  const first = await segments.next();
  return streamSSE(context, async (stream) => {
    try {
      for (let next = first; next.done !== true; next = await segments.next()) {
        await stream.writeSSE({ event: 'segment', data: JSON.stringify(next.value) });
      }
    } catch (error) {
      if (!isPorticoError(error)) throw error;
      const { code, message } = error;
      await stream.writeSSE({ event: 'problem', data: JSON.stringify({ code, message }) });
    }
  });
});

/** The file in the form of a request. */
async function fileOf(context: Context): Promise<File> {
  const { file } = await context.req.parseBody();
  if (file instanceof File) return file;
  throw new PorticoError('BAD_INPUT', 'Send a form with a file named "file".');
}

/** For errors without a status, and for those of this server rather than its client. */
const statuses: Partial<Record<PorticoErrorCode, number>> = {
  BAD_INPUT: 400,
  UNAUTHORIZED: 502,
  NOT_FOUND: 502,
  NETWORK: 502,
  TIMEOUT: 504,
};

reading.onError((error, context) => {
  if (!isPorticoError(error)) throw error;
  const { code, status = 500, message, retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) context.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  return context.json({ code, message }, (statuses[code] ?? status) as ContentfulStatusCode);
});
