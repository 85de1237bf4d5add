import type { IncomingHttpHeaders } from 'node:http';
import {
  type Context,
  propagation,
  type ProxyTracerProvider,
  ROOT_CONTEXT,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { version } from '../version.ts';

/** Makes the spans of requests and sends them. */
export interface Tracing {
  readonly tracer: Tracer;
  /** The context that a request continues; a new one without a valid `traceparent`. */
  contextOf(headers: IncomingHttpHeaders): Context;
  /** Sends what has been recorded; takes at most so long, whatever the collector does. */
  stop(timeoutMs: number): Promise<void>;
}

/** What tracing logs with; a pino logger fits. */
export interface TracingLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/**
 * Tracing by OpenTelemetry's own environment variables, or by the tracer provider that the program has registered before.
 * Undefined without either: nothing of the SDK is loaded, and no request does anything for tracing.
 */
export async function openTracing(environment: NodeJS.ProcessEnv, logger: TracingLogger): Promise<Tracing | undefined> {
  const registered = registeredTracing();
  if (registered !== undefined) return registered;
  if (!isWanted(environment, logger)) return undefined;
  const { startSdk } = await import('./sdk.ts');
  return startSdk(logger);
}

/** The provider that the program has registered, with its propagators; it is the program's to stop. */
function registeredTracing(): Tracing | undefined {
  const provider = trace.getTracerProvider() as Partial<ProxyTracerProvider>;
  const tracer = provider.getDelegateTracer?.('portico', version);
  if (tracer === undefined) return undefined;
  return {
    tracer,
    contextOf: (headers) => propagation.extract(ROOT_CONTEXT, headers),
    stop: async () => {},
  };
}

/** https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
function isWanted(environment: NodeJS.ProcessEnv, logger: TracingLogger): boolean {
  const value = (name: string): string => environment[name]?.trim() ?? '';
  if (value('OTEL_SDK_DISABLED').toLowerCase() === 'true') return false;
  const exporters = value('OTEL_TRACES_EXPORTER').toLowerCase();
  const hasEndpoint = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'].some(
    (name) => value(name) !== '',
  );
  const wanted = exporters === '' ? hasEndpoint : exporters.split(',').some((name) => name.trim() === 'otlp');
  if (exporters !== '' && exporters !== 'none' && !wanted)
    logger.warn(
      {},
      `OTEL_TRACES_EXPORTER=${exporters} is not supported, so requests are not traced. Use otlp or none.`,
    );
  const protocol = value('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || value('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (wanted && protocol !== '' && protocol !== 'http/protobuf')
    logger.warn(
      {},
      `OTEL_EXPORTER_OTLP_PROTOCOL=${protocol} is not supported: spans are sent as http/protobuf, which collectors take on port 4318.`,
    );
  return wanted;
}
