import { createPortico, isPorticoError, type PorticoErrorCode } from '@portico/sdk';
import express, { type ErrorRequestHandler } from 'express';

const { PORT = '3000', PORTICO_URL = 'http://localhost:8000', PORTICO_KEY = '' } = process.env;
const portico = createPortico({ url: PORTICO_URL, headers: { 'x-api-key': PORTICO_KEY }, timeoutMs: 30_000 });
const app = express();

app.post('/text', express.raw({ type: () => true, limit: '20mb' }), async (request, response) => {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  const traceparent = request.get('traceparent');
  const { text } = await portico.ocr(request.body, {}, { signal: controller.signal, traceparent });
  response.json({ text });
});

/** For errors without a status, and for those of this server rather than its client. */
const statuses: Partial<Record<PorticoErrorCode, number>> = {
  BAD_INPUT: 400,
  UNAUTHORIZED: 502,
  NOT_FOUND: 502,
  NETWORK: 502,
  TIMEOUT: 504,
};

const answerErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (!isPorticoError(error)) {
    next(error);
    return;
  }
  const { code, status = 500, message, retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) response.set('retry-after', String(Math.ceil(retryAfterSeconds)));
  response.status(statuses[code] ?? status).json({ code, message });
};
app.use(answerErrors);

const server = app.listen(Number(PORT), () => console.log('Listening on', server.address()));
