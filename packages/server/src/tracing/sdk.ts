import { setTimeout as sleep } from 'node:timers/promises';
import { defaultTextMapGetter, diag, type DiagLogFunction, DiagLogLevel, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { version } from '../version.ts';
import type { Tracing, TracingLogger } from './tracing.ts';

// Imported only when tracing is on: it takes a fifth of a second and several megabytes.

/** A collector that does not respond fails every few seconds; the log says so this often. */
const repeatedMs = 60_000;

/**
 * OpenTelemetry's SDK with an exporter over HTTP. Sampler, limits, batches, resource and the exporter read the standard variables.
 * Nothing is registered globally and no context is followed through asynchronous calls, which would cost every promise: a request
 * carries its own.
 */
export function startSdk(logger: TracingLogger): Tracing {
  diag.setLogger(diagnostics(logger), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last and win.
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'portico', 'service.version': version }))
    .merge(detectResources({ detectors: [serviceInstanceIdDetector, hostDetector, envDetector] }));
  const provider = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const propagator = new W3CTraceContextPropagator();
  logger.info({}, 'Requests are traced with OpenTelemetry');
  return {
    tracer: provider.getTracer('portico', version),
    contextOf: (headers) => propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter),
    stop: async (timeoutMs) => {
      // A collector that does not respond must not hold up the exit.
      const stopped = provider.shutdown().catch((error: unknown) => {
        logger.warn({}, `Spans were lost at the exit: ${reasonOf(error)}`);
      });
      await Promise.race([stopped, sleep(timeoutMs, undefined, { ref: false })]);
    },
  };
}

/** The SDK's own messages in the server's log, each once a minute. */
function diagnostics(logger: TracingLogger) {
  const loggedAt = new Map<string, number>();
  const warn: DiagLogFunction = (message) => {
    const text = `OpenTelemetry: ${reasonOf(message)}`;
    const now = performance.now();
    if (now - (loggedAt.get(text) ?? -Infinity) < repeatedMs) return;
    // Few differ; if many do, they are not worth the memory.
    if (loggedAt.size > 100) loggedAt.clear();
    loggedAt.set(text, now);
    logger.warn({}, text);
  };
  const ignore: DiagLogFunction = () => {};
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
}

/** Errors come as JSON with a stack. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  try {
    const { message, name } = JSON.parse(String(thrown)) as { message?: string; name?: string };
    return message ?? name ?? String(thrown);
  } catch {
    return String(thrown);
  }
}
