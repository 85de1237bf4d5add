import { type AddressInfo, createServer } from 'node:net';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openTracing, type Tracing } from './tracing.ts';

const warnings: string[] = [];
const logger = { info: () => {}, warn: (_fields: object, text: string) => void warnings.push(text) };
afterEach(() => {
  warnings.length = 0;
  trace.disable();
  vi.unstubAllEnvs();
});

async function openHere(): Promise<Tracing> {
  const tracing = await openTracing(process.env, logger);
  if (tracing === undefined) throw new Error('tracing is off');
  return tracing;
}

const isOn = async (environment: NodeJS.ProcessEnv): Promise<boolean> => {
  const tracing = await openTracing(environment, logger);
  await tracing?.stop(0);
  return tracing !== undefined;
};
const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('tracing is on', () => {
  it.each<NodeJS.ProcessEnv>([
    endpoint,
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:4318/v1/traces' },
    { OTEL_TRACES_EXPORTER: 'otlp' },
    { OTEL_TRACES_EXPORTER: 'console, otlp' },
    { ...endpoint, OTEL_SDK_DISABLED: 'false' },
  ])('with %o', async (environment) => {
    expect(await isOn(environment)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('with a provider that the program has registered, which it stops itself', async () => {
    const provider = new BasicTracerProvider();
    const stop = vi.spyOn(provider, 'shutdown');
    trace.setGlobalTracerProvider(provider);
    const tracing = await openTracing({ OTEL_SDK_DISABLED: 'true' }, logger);
    const span = tracing?.tracer.startSpan('request', {}, ROOT_CONTEXT);
    expect(span?.isRecording()).toBe(true);
    await tracing?.stop(0);
    expect(stop).not.toHaveBeenCalled();
  });
});

describe('tracing is off', () => {
  it.each<NodeJS.ProcessEnv>([
    {},
    { OTEL_SERVICE_NAME: 'reader' },
    { ...endpoint, OTEL_SDK_DISABLED: 'TRUE' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
  ])('with %o', async (environment) => {
    expect(await isOn(environment)).toBe(false);
    expect(warnings).toEqual([]);
  });

  it('with an exporter that does not exist, and the log says so', async () => {
    expect(await isOn({ OTEL_TRACES_EXPORTER: 'zipkin' })).toBe(false);
    expect(warnings).toEqual([expect.stringContaining('OTEL_TRACES_EXPORTER=zipkin is not supported')]);
  });
});

it('another protocol than http/protobuf is a warning', async () => {
  expect(await isOn({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toBe(true);
  expect(warnings).toEqual([expect.stringContaining('port 4318')]);
});

it('a collector that takes connections and never responds holds up neither a span nor the end', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const tracing = await openHere();
  for (let count = 0; count < 10_000; count += 1) tracing.tracer.startSpan('request', {}, ROOT_CONTEXT).end();
  expect(await tracing.stop(50)).toBeUndefined();
  silent.close();
});

it('an unreachable collector is one warning, however many spans are lost, and one at the end', async () => {
  const closed = createServer();
  await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
  const { port } = closed.address() as AddressInfo;
  await new Promise((done) => closed.close(done));
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '100');
  const tracing = await openHere();
  for (let count = 0; count < 600; count += 1) tracing.tracer.startSpan('request', {}, ROOT_CONTEXT).end();
  await tracing.stop(5_000);
  expect(warnings).toEqual([
    expect.stringMatching(/^OpenTelemetry: .*ECONNREFUSED/),
    expect.stringMatching(/^Spans were lost at the exit: .*ECONNREFUSED/),
  ]);
});
