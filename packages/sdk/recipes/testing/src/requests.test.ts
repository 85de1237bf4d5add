import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { firstLine, speechMs } from './first-line.js';

const server = setupServer();
beforeAll(() => server.listen());
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

test('sends the picture and its parameters', async () => {
  server.use(
    http.post('http://localhost:8000/ocr', async ({ request }) => {
      const form = await request.formData();
      const file = form.get('file') as File;
      const line = { text: `${file.size} bytes, ${String(form.get('minConfidence'))}`, confidence: 0.9, polygon: [] };
      return HttpResponse.json({ width: 1, height: 1, angle: 0, text: line.text, lines: [line], warnings: [] });
    }),
  );
  expect(await firstLine(Uint8Array.of(1, 2, 3))).toBe('3 bytes, 0.6');
});

test('rejects with the error of the server', async () => {
  const problem = { code: 'BAD_INPUT', title: 'Bad input', status: 400, detail: 'The file is empty.', requestId: '1' };
  server.use(http.post('http://localhost:8000/ocr', () => HttpResponse.json(problem, { status: 400 })));
  await expect(firstLine(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'BAD_INPUT', requestId: '1' });
});

test('reads a stream', async () => {
  const events = [
    'event: item\ndata: {"start":0.5,"end":1.5,"confidence":0.9}\n\n',
    'event: result\ndata: {"durationSeconds":3,"segments":[],"warnings":[]}\n\n',
  ];
  server.use(
    http.post(
      'http://localhost:8000/vad',
      () => new HttpResponse(events.join(''), { headers: { 'content-type': 'text/event-stream' } }),
    ),
  );
  expect(await speechMs(Uint8Array.of(1, 2, 3))).toBe(1_000);
});
