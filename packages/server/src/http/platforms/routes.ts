import { type Failure, isFailure } from '@portico/schemas';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemResponse } from '../errors/error-response.ts';
import type { Gateway } from '../gateway.ts';
import { acceptBodies } from '../rest/task-routes.ts';
import { readyStatus } from '../status.ts';
import { formatError } from '../v2/response.ts';
import { platformPaths } from './openapi.ts';
import { readBinaryType, readCustomAttributes, writeToSageMaker } from './sagemaker.ts';
import { type PlatformModel, platformModels, soleModel } from './sole-model.ts';
import { taskRoute } from './task-route.ts';
import { tensorRoute } from './tensor-route.ts';

export interface PlatformRoutesOptions {
  readonly gateway: Gateway;
  /** Vertex AI's names for its routes. */
  readonly vertexRoutes: { readonly health?: string | undefined; readonly predict?: string | undefined };
}

/** Paths of the service's own, which are added later. */
const serviceRoute = {
  GET: /^\/(health|ready|gpu|models|metrics|openapi\.json|docs(\/.*)?)?$/,
  POST: /^\/$/,
};

/**
 * The container contracts of SageMaker (`/ping`, `/invocations`), Vertex AI (`AIP_HEALTH_ROUTE`, `AIP_PREDICT_ROUTE`), Hugging
 * Face (`POST /`) and KServe's first protocol (`/v1`), each with its errors.
 */
export async function platformRoutes(
  app: FastifyInstance,
  { gateway, vertexRoutes }: PlatformRoutesOptions,
): Promise<void> {
  await acceptBodies(app, gateway);
  writeToSageMaker(app);
  const { probes, errorFormats, openApiPaths } = app.protocols;
  const ready = readyHandler(gateway);
  const sole = soleModel(gateway);
  const models = platformModels(gateway);
  const post = (path: string, model: PlatformModel | Failure, hooks: readonly OnRequest[] = []): void => {
    const { onRequest, handler } = routeTo(gateway, model);
    app.post(routed(path), { onRequest: [...hooks, ...onRequest] }, handler);
  };

  app.get('/ping', ready);
  probes.add('/ping');
  post('/invocations', sole, [readCustomAttributes, readBinaryType]);

  errorFormats.set('/v1/models', formatError);
  for (const [name, model] of models) {
    app.get(`/v1/models/${name}`, async (request, reply) => {
      const isReady = dispatcherOf(model, request).ready;
      return reply.status(isReady ? 200 : 503).send({ name, ready: isReady });
    });
    post(`/v1/models/${name}:predict`, model);
  }

  // After them: images for TensorFlow Serving are deployed with KServe's paths.
  const health = vertexPath(app, 'GET', vertexRoutes.health);
  const predict = vertexPath(app, 'POST', vertexRoutes.predict);
  if (health?.isFree === true) app.get(routed(health.path), ready);
  if (health !== undefined) probes.add(health.path);
  if (predict?.isFree === true) {
    errorFormats.set(predict.path, formatError);
    post(predict.path, sole);
  }

  if (!isFailure(sole)) {
    errorFormats.set('/', (failure, request) =>
      request.method === 'POST' ? formatError(failure) : problemResponse(failure, request),
    );
    post('/', sole);
  }
  Object.assign(openApiPaths, platformPaths({ models, sole, health: ownPath(health), predict: ownPath(predict) }));
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

interface Route {
  readonly onRequest: readonly OnRequest[];
  readonly handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

function routeTo(gateway: Gateway, model: PlatformModel | Failure): Route {
  if (isFailure(model)) {
    const refuse = (): never => {
      throw model;
    };
    return { onRequest: [(_request, _reply, done) => done(model)], handler: async () => refuse() };
  }
  const { onRequest, handler } =
    model.kind === 'task' ? taskRoute(gateway, model.model) : tensorRoute(gateway, model.servedOf);
  return { onRequest: [onRequest], handler };
}

const dispatcherOf = (model: PlatformModel, request: FastifyRequest) =>
  model.kind === 'task' ? model.model.dispatcher : model.servedOf(request).dispatcher;

/** 200 without a body once the server is ready, as SageMaker and Vertex AI expect; else 503 with what `/ready` says. */
const readyHandler = (gateway: Gateway) => async (_request: FastifyRequest, reply: FastifyReply) => {
  const status = readyStatus(gateway);
  return status.status === 'ready' ? reply.send() : reply.status(503).send(status);
};

/** Paths of the server's own that respond as Vertex AI expects. */
const fitting = {
  GET: /^\/(ready|ping|v2\/health\/ready|v1\/models\/[^/]+)$/,
  POST: /^\/(invocations|v1\/models\/[^/]+:predict)?$/,
};

interface VertexPath {
  readonly path: string;
  /** No other route has it. */
  readonly isFree: boolean;
}

const ownPath = (route: VertexPath | undefined): string | undefined =>
  route?.isFree === true ? route.path : undefined;

/** As Fastify writes a path that has a colon. */
const routed = (path: string): string => path.replaceAll(':', '::');

/** A path that Vertex AI names, unless it is one of the server's own that will not do, which a line of the log says. */
function vertexPath(app: FastifyInstance, method: 'GET' | 'POST', path: string | undefined): VertexPath | undefined {
  if (path === undefined) return undefined;
  const isFree = !serviceRoute[method].test(path) && !app.hasRoute({ method, url: routed(path) });
  if (isFree || fitting[method].test(path)) return { path, isFree };
  const text =
    method === 'GET'
      ? `AIP_HEALTH_ROUTE=${path} does not say whether the server is ready. Use /ready.`
      : `AIP_PREDICT_ROUTE=${path} takes no instances. Use /predict.`;
  app.log.warn(text);
  return undefined;
}
