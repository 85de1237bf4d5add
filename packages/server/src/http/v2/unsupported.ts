import { Failure } from '@portico/schemas';
import type { FastifyInstance } from 'fastify';

/** Routes of Triton's extensions that Portico does not have, and what to use instead. */
const unsupported: readonly { readonly paths: readonly string[]; readonly instead: string }[] = [
  {
    paths: ['/v2/trace/setting', '/v2/models/:model/trace/setting'],
    instead:
      'Trace settings are not supported: to send traces to a collector, start the server with OTEL_EXPORTER_OTLP_ENDPOINT.',
  },
  {
    paths: ['/v2/logging'],
    instead: 'Log settings are not supported: start the server with LOG_LEVEL.',
  },
  {
    paths: ['/v2/systemsharedmemory/*', '/v2/cudasharedmemory/*'],
    instead: 'Shared memory is not supported: send and request tensors as binary data.',
  },
  {
    paths: ['generate', 'generate_stream'].flatMap((verb) => [
      `/v2/models/:model/${verb}`,
      `/v2/models/:model/versions/:version/${verb}`,
    ]),
    instead: 'The extension generate is not supported: send tensors to the route infer.',
  },
];

/** Answers clients of Triton in words where they ask for an extension that does not exist: 404 `NOT_FOUND`. */
export function refuseUnsupported(app: FastifyInstance): void {
  for (const { paths, instead } of unsupported) {
    for (const url of paths) {
      app.route({
        method: ['GET', 'POST'],
        url,
        onRequest: (_request, _reply, done) => done(new Failure('NOT_FOUND', instead)),
        handler: async () => {},
      });
    }
  }
}
