import { createPortico, isPorticoError, type PorticoErrorCode } from '@portico/sdk';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { streamSSE } from 'hono/streaming';

const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY } = process.env;
const portico = createPortico({ url: PORTICO_URL, apiKey: PORTICO_KEY, timeoutMs: 30_000 });

export const reading = new Hono();
reading.use(bodyLimit({ maxSize: 20 * 2 ** 20 }));

/** Reads the text of the picture in a form. */
reading.post('/text', async (context) => {
  const { file } = await context.req.parseBody();
  if (!(file instanceof File)) return context.json({ code: 'BAD_INPUT', message: 'Send the picture as "file".' }, 400);
  const { signal } = context.req.raw;
  const { text } = await portico.ocr(file, {}, { signal, traceparent: context.req.header('traceparent') });
  return context.json({ text });
});

/** Sends each segment of speech in a recording as soon as it is found. */
reading.post('/speech', async (context) => {
  const recording = await context.req.arrayBuffer();
  const segments = portico.vad.stream(recording, {}, { signal: context.req.raw.signal });
  // An error before the first segment has a status of its own.
  const first = await segments.next();
  return streamSSE(
    context,
    async (stream) => {
      for (let next = first; next.done !== true; next = await segments.next()) {
        await stream.writeSSE({ event: 'segment', data: JSON.stringify(next.value) });
      }
    },
    async (error, stream) => {
      const { code, message } = isPorticoError(error) ? error : { code: 'INTERNAL', message: 'The stream broke.' };
      await stream.writeSSE({ event: 'problem', data: JSON.stringify({ code, message }) });
    },
  );
});

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
