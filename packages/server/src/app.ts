import { type IncomingMessage, METHODS } from 'node:http';
import cors from '@fastify/cors';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Registry } from 'prom-client';
import type { TrustProxy } from './config/network.ts';
import { answerClientError, connectionRefusal, refuseTunnels } from './http/errors/client-errors.ts';
import { answerFrameworkError, handleErrors } from './http/errors/error-handler.ts';
import type { Gateway } from './http/gateway.ts';
import { warningsHeader } from './http/metrics.ts';
import { requireApiKey } from './http/plugins/api-keys.ts';
import type { Connections } from './http/plugins/connections.ts';
import { announceLastResponses, continueAfterHeaders, followExchanges } from './http/plugins/exchanges.ts';
import { pathPrefixReader, withoutBasePath } from './http/plugins/path-prefix.ts';
import { traceRequest, traceRequests } from './http/plugins/request-trace.ts';
import { logRequests, requestId } from './http/plugins/request-log.ts';
import { pathAndQuery, refuseWrongTargets } from './http/plugins/request-targets.ts';
import { acceptProtocols } from './http/protocols.ts';
import { platformRoutes, type PlatformRoutesOptions } from './http/platforms/routes.ts';
import { serviceRoutes } from './http/rest/service-routes.ts';
import { taskRoutes } from './http/rest/task-routes.ts';
import { boundUnreadResponses } from './http/unread-responses.ts';
import { trpcRoutes } from './http/trpc/routes.ts';
import { v2Routes } from './http/v2/routes.ts';
import type { Protocol } from './protocol.ts';
import type { Tracing } from './tracing/tracing.ts';

export interface AppOptions {
  readonly gateway: Gateway;
  readonly connections: Connections;
  readonly registry: Registry;
  readonly logger: FastifyBaseLogger;
  readonly corsOrigins: '*' | readonly string[];
  readonly apiKeys: readonly string[];
  readonly trustProxy: TrustProxy;
  /** What proxies may put before every path, without a slash at its end; empty for nothing. */
  readonly basePath: string;
  /** Where the demo page is. */
  readonly demoUrl?: string | undefined;
  readonly vertexRoutes?: PlatformRoutesOptions['vertexRoutes'];
  /** Beside Portico's own. */
  readonly protocols?: readonly Protocol[];
  readonly keepAliveMs: number;
  /** Undefined if requests are not traced. */
  readonly tracing?: Tracing | undefined;
  readonly clientTimeouts?: Partial<ClientTimeouts>;
}

export interface ClientTimeouts {
  /** For its headers. */
  readonly headersMs: number;
  /** For the whole request. */
  readonly requestMs: number;
  /** Without taking anything of a response. */
  readonly unreadMs: number;
}

const exposedHeaders = [
  'x-request-id',
  'x-error-code',
  'server-timing',
  warningsHeader,
  'retry-after',
  'inference-header-content-length',
];
/** As long as browsers remember a preflight at most: Chromium two hours, others less or a day. */
const preflightMaxAgeSeconds = 7_200;
/** How often within the shorter timeout Node looks for late requests; it does so even when idle. */
const checksPerTimeout = 15;
const defaultClientTimeouts: ClientTimeouts = { headersMs: 30_000, requestMs: 300_000, unreadMs: 60_000 };

/** The HTTP side of the gateway, put together from its parts. It does not listen. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { gateway, basePath, connections, tracing } = options;
  const { headersMs, requestMs, unreadMs } = { ...defaultClientTimeouts, ...options.clientTimeouts };
  // Without a request there is no origin to compare, so a list of origins leaves these answers out.
  const corsHeaders: Record<string, string> =
    options.corsOrigins === '*'
      ? { 'access-control-allow-origin': '*', 'access-control-expose-headers': exposedHeaders.join(', ') }
      : {};
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: requestId,
    rewriteUrl: (request: IncomingMessage) => withoutBasePath(pathAndQuery(request), basePath),
    trustProxy: options.trustProxy,
    serverFactory: (handle) =>
      connections.createServer(handle, {
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        unreadMs,
        refusal: connectionRefusal(options.logger, corsHeaders),
        keepAliveTimeout: options.keepAliveMs,
        connectionsCheckingInterval: Math.ceil(Math.min(headersMs, requestMs) / checksPerTimeout),
        // Node would answer without a body; refuseWrongTargets says what is wrong.
        requireHostHeader: false,
      }),
    // A plugin reads files, which a machine may be slow to give. Waiting for the start is bounded elsewhere.
    pluginTimeout: 0,
    forceCloseConnections: 'idle',
    // While draining, requests on open connections are still served.
    return503OnClosing: false,
    // A batch of tRPC calls names them all in one path segment.
    routerOptions: { maxParamLength: 5_000 },
    clientErrorHandler: (error, socket) => answerClientError(app, error, socket, corsHeaders),
    frameworkErrors: (error, request, reply) => {
      // It runs no hook.
      if (tracing !== undefined) traceRequest(tracing, request, reply);
      answerFrameworkError(error, request, reply, corsHeaders);
    },
  });

  acceptProtocols(app);
  followExchanges(app);
  traceRequests(app, tracing);
  announceLastResponses(app, gateway.lifecycle);
  logRequests(app);
  continueAfterHeaders(app);
  handleErrors(app);
  boundUnreadResponses(app, gateway);
  refuseTunnels(app, corsHeaders);
  await app.register(cors, {
    origin: options.corsOrigins === '*' ? '*' : [...options.corsOrigins],
    methods: METHODS,
    exposedHeaders,
    maxAge: preflightMaxAgeSeconds,
    strictPreflight: false,
  });
  requireApiKey(app, options.apiKeys);
  refuseWrongTargets(app);

  await app.register(taskRoutes, { gateway });
  await app.register(trpcRoutes, { gateway });
  await app.register(v2Routes, { gateway });
  await app.register(platformRoutes, { gateway, vertexRoutes: options.vertexRoutes ?? {} });
  for (const protocol of options.protocols ?? []) await app.register(protocol, { gateway });
  // Last, because it documents what the protocols have added.
  await app.register(serviceRoutes, {
    gateway,
    registry: options.registry,
    needsKey: options.apiKeys.length > 0,
    pathPrefix: pathPrefixReader(basePath, options.trustProxy),
    basePath,
    demoUrl: options.demoUrl,
  });
  return app;
}
