import { SpanKind, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { createPortico } from '@portico/sdk';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../harness/ask.ts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '../harness/otlp-receiver.ts';
import { metric } from '../harness/metric.ts';
import { eventually, type ServerProcess } from '../harness/server-process.ts';
import { rowsTask } from '../fixtures/tasks.ts';
import { plus } from '../v2/support/files.ts';
import { serve } from '../v2/support/serve.ts';

let receiver: OtlpReceiver;
let server: ServerProcess;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  server = await serve(
    { 'plus.onnx': plus(1) },
    {
      MODEL_NAME: 'rows,count',
      MAX_BATCH_ITEMS: '4',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    },
  );
  await server.ready();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
});

let traces = 0;
/** A trace context of its own, and the ids in it. */
function newTrace(flags = '01') {
  traces += 1;
  const traceId = traces.toString(16).padStart(32, 'a');
  const parentId = 'b7ad6b7169203331';
  return { traceId, parentId, headers: { traceparent: `00-${traceId}-${parentId}-${flags}` } };
}

/** The spans of a trace as a tree of names, children in the order in which they began. */
function treeOf(spans: readonly ReceivedSpan[], parentId: string): unknown[] {
  return spans
    .filter((span) => span.parentId === parentId)
    .sort((a, b) => Number(a.start - b.start))
    .map((span) => {
      const below = treeOf(spans, span.spanId);
      return below.length === 0 ? span.name : [span.name, below];
    });
}

const phases = ['decode', 'inference', 'postprocess'];
const inRun = ['queue', ['run', phases]];
const find = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan =>
  spans.find((span) => span.name === name) ?? expect.fail(`there is no span ${name}`);

it('a request is one trace: the span of its route, below it the queue and the run, below that the phases', async () => {
  const { traceId, parentId, headers } = newTrace();
  const { headers: answered } = await ask(server, 'rows', { value: 1, milliseconds: 20 }, { headers });
  const spans = await receiver.trace(traceId, 6);
  expect(treeOf(spans, parentId)).toEqual([['POST /rows', inRun]]);
  const [request, queue, run] = [find(spans, 'POST /rows'), find(spans, 'queue'), find(spans, 'run')];
  expect(request).toMatchObject({
    kind: 2,
    status: 0,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/rows',
      'http.response.status_code': 200,
      'url.path': '/rows',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': server.port,
      'client.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'portico.request_id': answered.get('x-request-id'),
    },
    resource: {
      'service.name': 'portico',
      'service.version': expect.stringMatching(/^\d/),
      'deployment.environment.name': 'test',
    },
  });
  expect(run.attributes).toEqual({ 'portico.model': 'rows', 'portico.batch.size': 1 });
  expect(queue.end).toBe(run.start);
  for (const span of spans) expect(span.start >= request.start && span.end <= request.end).toBe(true);
  expect(Number(run.end - run.start)).toBeGreaterThan(19e6);
});

it('what looks like a secret in a query is in no span', async () => {
  const { traceId, headers } = newTrace();
  await (await fetch(`${server.url}/models?api_key=abc&x=1&X-Amz-Signature=def`, { headers })).text();
  const [span] = await receiver.trace(traceId, 1);
  expect(span?.attributes['url.query']).toBe('api_key=REDACTED&x=1&X-Amz-Signature=REDACTED');
});

it('a client that uses the SDK is the root of the same tree', async () => {
  const provider = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` }))],
  });
  provider.register();
  const stop = registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [new UndiciInstrumentation({ ignoreRequestHook: ({ origin }) => origin === receiver.url })],
  });
  const portico = createPortico({ url: server.url, tasks: { rows: rowsTask } });
  let traceId = '';
  await trace.getTracer('caller').startActiveSpan('read a page', { kind: SpanKind.INTERNAL }, async (span) => {
    ({ traceId } = span.spanContext());
    await portico.rows({ value: 1 });
    span.end();
  });
  stop();
  const [[root, calls]] = treeOf(await receiver.trace(traceId, 8), '') as [[string, unknown[]]];
  expect(root).toBe('read a page');
  expect(calls).toEqual([['POST', [['POST /rows', inRun]]]]);
  trace.disable();
});

it.each([
  [
    '/v2',
    'POST /v2/models/:model/infer',
    { 'portico.model': 'tensors/plus:1' },
    async (headers: Record<string, string>) => {
      const inputs = [{ name: 'x', shape: [1, 2], datatype: 'FP32', data: [1, 2] }];
      await fetch(`${server.url}/v2/models/plus/infer`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ inputs }),
      }).then((one) => one.text());
    },
  ],
  [
    'tRPC',
    'POST /trpc/:path',
    { 'portico.procedures': ['rows.infer'] },
    async (headers: Record<string, string>) => {
      const body = JSON.stringify({ json: { input: { value: 1 } } });
      await fetch(`${server.url}/trpc/rows.infer`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      }).then((one) => one.text());
    },
  ],
  [
    'a stream',
    'POST /count',
    { 'portico.items': 3 },
    async (headers: Record<string, string>) => {
      const all = { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' };
      await fetch(`${server.url}/count`, {
        method: 'POST',
        headers: all,
        body: JSON.stringify({ input: { to: 3 } }),
      }).then((one) => one.text());
    },
  ],
])('%s has the same tree', async (_protocol, name, attributes, send) => {
  const { traceId, parentId, headers } = newTrace();
  await send(headers);
  const spans = await receiver.trace(traceId, 6);
  expect(treeOf(spans, parentId)).toEqual([[name, inRun]]);
  expect({ ...find(spans, name).attributes, ...find(spans, 'run').attributes }).toMatchObject(attributes);
});

it('requests whose inputs shared a run are linked', async () => {
  const [first, second] = [newTrace(), newTrace()];
  const busy = ask(server, 'rows', { value: 0, milliseconds: 100 });
  await eventually(async () =>
    (await metric(server, 'portico_in_flight', { model: 'rows' })) === 1 ? true : undefined,
  );
  await Promise.all([
    busy,
    ...[first, second].map(({ headers }) => ask(server, 'rows', { value: 1, milliseconds: 1 }, { headers })),
  ]);
  const [one, other] = [await receiver.trace(first.traceId, 6), await receiver.trace(second.traceId, 6)];
  expect(find(one, 'run').attributes['portico.batch.size']).toBe(2);
  expect(find(one, 'run').links).toEqual([find(other, 'POST /rows').spanId]);
  expect(find(other, 'run').links).toEqual([find(one, 'POST /rows').spanId]);
});

it('a failure is on the span of what failed and on that of the request, as an error if it is the server’s', async () => {
  const late = newTrace();
  await ask(server, 'rows', { value: 1, milliseconds: 400 }, { timeoutSeconds: 0.05, headers: late.headers });
  const spans = await receiver.trace(late.traceId, 3);
  for (const name of ['run', 'POST /rows']) {
    expect(find(spans, name)).toMatchObject({
      status: 2,
      events: ['exception'],
      attributes: { 'error.type': 'TIMEOUT' },
    });
  }
  const wrong = newTrace();
  await ask(server, 'rows', { value: 'one' }, { headers: wrong.headers });
  const [refused] = await receiver.trace(wrong.traceId, 1);
  expect(refused).toMatchObject({
    status: 0,
    events: [],
    attributes: { 'error.type': 'INVALID_PARAMETERS', 'http.response.status_code': 422 },
  });
});

it('every line of a request has the ids of its trace and of its span', async () => {
  const { traceId, headers } = newTrace();
  await ask(server, 'rows', { value: 1 }, { headers });
  const { spanId } = find(await receiver.trace(traceId, 6), 'POST /rows');
  const line = await server.logged((one) => one['traceId'] === traceId);
  expect(line).toMatchObject({ path: '/rows', traceId, spanId });
});

it.each([
  ['no context', {}],
  ['one that is malformed', { traceparent: '00-zz-zz-01' }],
  ['one of zeros', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }],
])('a request with %s begins a trace of its own', async (_which, headers: Record<string, string>) => {
  const { headers: answered } = await ask(server, 'rows', { value: 1 }, { headers });
  const line = await server.logged((one) => one['requestId'] === answered.get('x-request-id'));
  const spans = await receiver.trace(String(line['traceId']), 6);
  expect(treeOf(spans, '')).toEqual([['POST /rows', inRun]]);
});

it('a request whose client has not sampled it is not recorded, and still has its ids in the log', async () => {
  const { traceId, headers } = newTrace('00');
  await ask(server, 'rows', { value: 1 }, { headers });
  await server.logged((line) => line['traceId'] === traceId && /^[0-9a-f]{16}$/.test(String(line['spanId'])));
  const { traceId: next, headers: sampled } = newTrace();
  await ask(server, 'rows', { value: 1 }, { headers: sampled });
  await receiver.trace(next, 6);
  expect(receiver.spans.filter((span) => span.traceId === traceId)).toEqual([]);
});

it('probes are traced only within a trace', async () => {
  await fetch(`${server.url}/health`);
  const { traceId, headers } = newTrace();
  await fetch(`${server.url}/health`, { headers });
  await receiver.trace(traceId, 1);
  expect(receiver.spans.filter(({ name }) => name === 'GET /health')).toHaveLength(1);
});

it('what is recorded is sent before the server ends', async () => {
  const { traceId, headers } = newTrace();
  await ask(server, 'rows', { value: 1 }, { headers });
  const ended = once(server.child, 'exit');
  server.child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(receiver.spans.filter((span) => span.traceId === traceId)).toHaveLength(6);
});
