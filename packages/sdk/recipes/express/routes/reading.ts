import { createPortico, isPorticoError, type PorticoErrorCode } from '@portico/sdk';
import express, { type ErrorRequestHandler, type Response } from 'express';

const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY } = process.env;
const portico = createPortico({ url: PORTICO_URL, apiKey: PORTICO_KEY, timeoutMs: 30_000 });

export const reading = express.Router();
const upload = express.raw({ type: () => true, limit: '20mb' });

/** Reads the text of a picture. */
reading.post('/text', upload, async (request, response) => {
  const traceparent = request.get('traceparent');
  const { text } = await portico.ocr(request.body, {}, { signal: closed(response), traceparent });
  response.json({ text });
});

/** Sends each segment of speech as soon as it is found, as a line of JSON. */
reading.post('/speech', upload, async (request, response) => {
  response.type('application/x-ndjson');
  for await (const segment of portico.vad.stream(request.body, {}, { signal: closed(response) })) {
    response.write(`${JSON.stringify(segment)}\n`);
  }
  response.end();
});

/** Aborts when the client closes its connection. */
function closed(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => controller.abort());
  return controller.signal;
}

/** For errors without a status, and for those of this server rather than its client. */
const statuses: Partial<Record<PorticoErrorCode, number>> = {
  BAD_INPUT: 400,
  UNAUTHORIZED: 502,
  NOT_FOUND: 502,
  NETWORK: 502,
  TIMEOUT: 504,
};

const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (!isPorticoError(error) || response.headersSent) {
    next(error);
    return;
  }
  const { code, status = 500, message, retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) response.set('retry-after', String(Math.ceil(retryAfterSeconds)));
  response
    .status(statuses[code] ?? status)
    .type('json')
    .json({ code, message });
};
reading.use(answerErrors);
