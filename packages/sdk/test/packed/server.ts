import { transformer } from '@portico/api';
import { type StubAnswer, type StubServer, startStubServer } from '../stub-server.ts';

const problem = { code: 'UNSUPPORTED_MEDIA_TYPE', status: 415, detail: 'This is no image.', requestId: 'request-1' };

const answers: Readonly<Record<string, StubAnswer>> = {
  '/ocr': {
    body: {
      width: 1,
      height: 1,
      angle: 0,
      text: 'Hello',
      lines: [{ text: 'Hello', confidence: 1, polygon: [0, 1, 2, 3].map((x) => ({ x, y: 0 })) }],
    },
  },
  '/ready': { status: 503, body: { status: 'not ready', detail: 'ocr is loading', models: [] } },
  '/trpc/models.list': { body: { result: { data: transformer.serialize({ models: [] }) } } },
  '/trpc/ocr.infer': {
    status: 415,
    body: {
      error: transformer.serialize({ code: -32_015, message: problem.detail, data: { httpStatus: 415, problem } }),
    },
  },
};

/** A server for the program, as far as it asks. */
export const startProgramServer = (): Promise<StubServer> =>
  startStubServer(
    ({ path }) => answers[String(path.split('?')[0])] ?? { status: 404, body: { ...problem, code: 'NOT_FOUND' } },
  );

/** What the program prints when everything works. */
export const programOutput = 'Hello 2\nocr is loading\n0\nThis is no image.\ntrue NOT_FOUND 404\n';
