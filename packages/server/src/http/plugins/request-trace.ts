import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { errorTable, type Failure } from '@portico/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Attempt, JobTrace } from '../../dispatch/job.ts';
import type { Tracing } from '../../tracing/tracing.ts';
import { isRoutine } from '../protocols.ts';
import { exchangeOf, isDelivered } from './exchanges.ts';

// Spans after OpenTelemetry's conventions: https://opentelemetry.io/docs/specs/semconv/http/http-spans/

const knownMethods = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'QUERY', 'TRACE']);
/** Of parameters that clients put into a query although they belong into a header. */
const secretName = /key|token|secret|passw|credential|auth|sig/i;
/** Names of procedures in one span: those of the largest batch of calls. */
const maxProcedures = 16;

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined while nothing is traced. */
    trace?: RequestTrace;
  }
}

/**
 * Opens a span for every request, and gives its ids to the request's log. Probes and scrapes, which come all day, get one only
 * where they continue a trace. Without tracing it adds no hook.
 */
export function traceRequests(app: FastifyInstance, tracing: Tracing | undefined): void {
  if (tracing === undefined) return;
  app.addHook('onRequest', (request, reply, done) => {
    traceRequest(tracing, request, reply);
    done();
  });
}

export function traceRequest(tracing: Tracing, request: FastifyRequest, reply: FastifyReply): void {
  const parent = tracing.contextOf(request.headers);
  if (isRoutine(request) && trace.getSpanContext(parent) === undefined) return;
  const own = new RequestTrace(tracing, request, parent);
  request.trace = own;
  request.log = request.log.child(own.ids);
  reply.log = request.log;
  exchangeOf(reply).onEnd(() => own.end(request, reply));
}

/** The span of one request, and the spans below it of what its inputs go through. */
class RequestTrace implements JobTrace {
  readonly #tracing: Tracing;
  readonly #span: Span;
  readonly #context: Context;
  /** Also true when the span has ended, before what a client that left has abandoned. */
  readonly #isRecorded: boolean;
  /**
   * What to add to `performance.now()` for the time of day. One for all spans of a request, because the SDK's own, which differs by
   * up to a millisecond from span to span, would put them into another order.
   */
  readonly #epochMs = Date.now() - performance.now();

  constructor(tracing: Tracing, request: FastifyRequest, parent: Context) {
    this.#tracing = tracing;
    const method = knownMethods.has(request.method) ? request.method : 'HTTP';
    const route = request.routeOptions.url;
    const options = { kind: SpanKind.SERVER, startTime: this.#now(), attributes: requestedAttributes(request) };
    this.#span = tracing.tracer.startSpan(route === undefined ? method : `${method} ${route}`, options, parent);
    this.#context = trace.setSpan(parent, this.#span);
    this.#isRecorded = this.#span.isRecording();
    if (this.#isRecorded) this.#span.setAttributes(furtherAttributes(request, route));
  }

  #now(): number {
    return this.#epochMs + performance.now();
  }

  /** As they are called in the log. */
  get ids(): { readonly traceId: string; readonly spanId: string } {
    const { traceId, spanId } = this.#span.spanContext();
    return { traceId, spanId };
  }

  /** An input has waited for a run, and has been in one if it began. */
  attempt(attempt: Attempt): void {
    if (!this.#isRecorded) return;
    const { model, failure, times } = attempt;
    const pendingAt = this.#epochMs + attempt.pendingAt;
    const endedAt = this.#epochMs + attempt.endedAt;
    const began = startOf(attempt);
    const startedAt = began === undefined ? undefined : this.#epochMs + began;
    const { tracer } = this.#tracing;
    const attributes = { 'portico.model': model };
    const queue = tracer.startSpan('queue', { startTime: pendingAt, attributes }, this.#context);
    if (startedAt === undefined && failure !== undefined) recordFailure(queue, failure);
    queue.end(startedAt ?? endedAt);
    if (startedAt === undefined) return;
    const run = tracer.startSpan(
      'run',
      { startTime: startedAt, attributes: { ...attributes, ...runAttributes(attempt) }, links: this.#linksTo(attempt) },
      this.#context,
    );
    if (failure !== undefined) recordFailure(run, failure);
    if (times !== undefined) {
      const below = trace.setSpan(this.#context, run);
      let at = startedAt;
      for (const phase of ['decode', 'inference', 'postprocess'] as const) {
        const span = tracer.startSpan(phase, { startTime: at, attributes }, below);
        at = Math.min(at + times[phase], endedAt);
        span.end(at);
      }
    }
    run.end(endedAt);
  }

  /** The other requests whose inputs were in the same run. */
  #linksTo({ companions }: Attempt): Link[] {
    const links: Link[] = [];
    for (const other of new Set(companions))
      if (other instanceof RequestTrace && other !== this) links.push({ context: other.#span.spanContext() });
    return links;
  }

  end(request: FastifyRequest, reply: FastifyReply): void {
    if (!this.#isRecorded) return;
    const span = this.#span;
    if (reply.raw.headersSent) span.setAttribute('http.response.status_code', reply.raw.statusCode);
    if (request.calls !== undefined)
      span.setAttribute('portico.procedures', request.calls.paths.slice(0, maxProcedures));
    const left = !isDelivered(reply.raw) && request.failure?.code !== 'REQUEST_TIMEOUT';
    if (left) span.setAttribute('error.type', 'CANCELLED');
    else if (request.failure !== undefined) recordFailure(span, request.failure);
    span.end(this.#now());
  }
}

/** An engine says afterwards how long it took; the gateway may have seen the beginning late. */
function startOf({ pendingAt, startedAt, endedAt, times }: Attempt): number | undefined {
  if (startedAt === undefined || times === undefined) return startedAt;
  return Math.max(pendingAt, Math.min(startedAt, endedAt - times.decode - times.inference - times.postprocess));
}

const runAttributes = ({ batchSize, items }: Attempt): Attributes => ({
  'portico.batch.size': batchSize,
  ...(items === 0 ? {} : { 'portico.items': items }),
});

/** Only what is the server's fault makes a span an error. */
function recordFailure(span: Span, { code, message, cause }: Pick<Failure, 'code' | 'message' | 'cause'>): void {
  span.setAttribute('error.type', code);
  if (errorTable[code].status < 500) return;
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.recordException(cause instanceof Error ? cause : { code, message });
}

/** What a sampler may decide by. */
function requestedAttributes({ method, originalUrl, protocol }: FastifyRequest): Attributes {
  const queryAt = originalUrl.indexOf('?');
  const known = knownMethods.has(method);
  return {
    'http.request.method': known ? method : '_OTHER',
    ...(known ? {} : { 'http.request.method_original': method }),
    'url.scheme': protocol,
    'url.path': queryAt === -1 ? originalUrl : originalUrl.slice(0, queryAt),
    ...(queryAt === -1 ? {} : { 'url.query': withoutSecrets(originalUrl.slice(queryAt + 1)) }),
  };
}

/** As the conventions have it: the parameter stays, its value does not. */
function withoutSecrets(query: string): string {
  if (!secretName.test(query)) return query;
  const shown = (parameter: string): string => {
    const [name = ''] = parameter.split('=', 1);
    return name !== parameter && secretName.test(name) ? `${name}=REDACTED` : parameter;
  };
  return query.split('&').map(shown).join('&');
}

function furtherAttributes(request: FastifyRequest, route: string | undefined): Attributes {
  const { headers, raw, socket } = request;
  const { 'user-agent': userAgent } = headers;
  return {
    ...(route === undefined ? {} : { 'http.route': route }),
    ...(request.hostname === '' ? {} : { 'server.address': request.hostname }),
    ...(request.port === null ? {} : { 'server.port': request.port }),
    ...(request.ip === undefined ? {} : { 'client.address': request.ip }),
    ...(socket?.remoteAddress === undefined ? {} : { 'network.peer.address': socket.remoteAddress }),
    'network.protocol.version': raw.httpVersion,
    ...(userAgent === undefined ? {} : { 'user_agent.original': userAgent }),
    'portico.request_id': request.id,
  };
}
