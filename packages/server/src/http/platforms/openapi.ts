import { type Failure, isFailure } from '@portico/schemas';
import { z } from 'zod';
import type { ServedModel } from '../gateway.ts';
import { binary, inferenceResponse, jsonResponse, timingHeader } from '../openapi/contents.ts';
import { inputExample } from '../openapi/examples.ts';
import { anyRoute, inference, problemResponses, requestIdHeader, tensorErrorResponses } from '../openapi/problems.ts';
import { paramsSchema } from '../openapi/params.ts';
import { inputSchema, requestBody } from '../openapi/request-bodies.ts';
import { type JsonObject, reference, referenceTo } from '../openapi/schemas.ts';
import { orProblem, probe } from '../openapi/service-paths.ts';
import { queryParameters, timeoutHeader } from '../rest/openapi.ts';
import { InferRequest, InferResponse, TensorModelReady } from '../v2/openapi.ts';
import { attributesHeader } from './sagemaker.ts';
import type { PlatformModel } from './sole-model.ts';

const tags = ['platforms'];
const plainStatuses = inference.filter((status) => status !== 422);

const KServeRequest = z
  .looseObject({ instances: z.array(z.unknown()), parameters: z.record(z.string(), z.unknown()).optional() })
  .meta({ id: 'KServeRequest' });
const KServeResponse = z.object({ predictions: z.array(z.unknown()) }).meta({ id: 'KServeResponse' });

export interface DocumentedPlatforms {
  readonly models: ReadonlyMap<string, PlatformModel>;
  /** The model of routes that name none; they are left out if that is an error. */
  readonly sole: PlatformModel | Failure;
  readonly health?: string | undefined;
  readonly predict?: string | undefined;
}

/** The paths that platforms call. */
export function platformPaths({ models, sole, health, predict }: DocumentedPlatforms): JsonObject {
  const paths: JsonObject = {
    ...readiness('/ping', 'ping', 'For SageMaker: whether the server is ready.'),
    ...(health === undefined ? {} : readiness(health, 'vertexHealth', 'For Vertex AI: whether the server is ready.')),
  };
  const post = (path: string, operationId: string, summary: string, errors: JsonObject): void => {
    if (isFailure(sole)) return;
    const operation = { operationId, summary, tags, ...operationOf(sole, errors) };
    paths[path] = { ...(paths[path] as JsonObject | undefined), post: operation };
  };
  const plain = tensorErrorResponses(plainStatuses);
  post('/invocations', 'invocations', 'Run the model, as SageMaker calls it.', problemResponses(inference));
  if (!isFailure(sole)) withCustomAttributes(paths['/invocations'] as { readonly post: Operation });
  post('/', 'inputs', 'Run the model, as Hugging Face calls it.', plain);
  if (predict !== undefined) post(predict, 'vertexPredict', 'Run the model, as Vertex AI calls it.', plain);
  return models.size === 0 ? paths : { ...paths, ...kservePaths(models) };
}

interface Operation {
  readonly parameters: JsonObject[];
  readonly responses: { readonly 200: { readonly headers: JsonObject } };
}

function withCustomAttributes({ post: { parameters, responses } }: { readonly post: Operation }): void {
  const schema = { type: 'string', maxLength: 1_024 };
  parameters.push({
    name: attributesHeader,
    in: 'header',
    description: 'A comma list of `x-timeout-seconds=SECONDS`, `accept=TYPE` and `params.NAME=VALUE`.',
    schema,
    example: 'x-timeout-seconds=20',
  });
  const description =
    '`x-request-id=ID` and, where the output has warnings, `x-warnings=CODE;CODE`, separated by a comma, for clients that get no other header.';
  Object.assign(responses[200].headers, { [attributesHeader]: { description, required: true, schema } });
}

function readiness(path: string, operationId: string, summary: string): JsonObject {
  const detail = 'Model ocr is not ready: loading on cpu.';
  const notReady = jsonResponse(reference('NotReady'), 'Not ready, and why.', {
    status: 'not ready',
    detail,
    models: [],
  });
  return probe(
    path,
    operationId,
    summary,
    {
      200: { description: 'Ready.', headers: requestIdHeader },
      ...problemResponses(anyRoute),
      503: orProblem(notReady),
    },
    'platforms',
  );
}

/** What the routes for one model share. */
function operationOf(sole: PlatformModel, errors: JsonObject): JsonObject {
  const { parameters, requestBody, response } = sole.kind === 'task' ? ofTask(sole.model) : ofTensors();
  return { parameters, requestBody, responses: { 200: response, ...errors } };
}

interface ModelOperation {
  readonly parameters: readonly JsonObject[];
  readonly requestBody: JsonObject;
  readonly response: JsonObject;
}

type Contents = Record<string, { schema: JsonObject; example?: unknown }>;

function ofTask({ task }: ServedModel): ModelOperation {
  const { output } = task;
  const contents = requestBody(task)['content'] as Contents;
  const input = inputSchema(task, () => encodedFile);
  const parameters = paramsSchema(task);
  const forms = [
    contents['application/json']?.schema ?? {},
    { type: 'object', properties: { inputs: input, parameters }, required: ['inputs'] },
    {
      type: 'object',
      properties: { instances: { type: 'array', items: input }, parameters },
      required: ['instances'],
    },
  ];
  const example = inputExample(task, undefined, ({ data }) => data);
  const json = { schema: { anyOf: forms }, ...(example === undefined ? {} : { example: { instances: [example] } }) };
  const response = inferenceResponse(task);
  const answers = response['content'] as Contents;
  const one = referenceTo(output);
  return {
    parameters: [timeoutHeader, ...queryParameters(task)],
    requestBody: { required: true, content: { ...contents, 'application/json': json } },
    response: {
      ...response,
      headers: { ...(response['headers'] as JsonObject) },
      description: 'The output; for instances, a prediction for each.',
      content: { ...answers, 'application/json': { ...answers['application/json'], schema: orPredictions(one, one) } },
    },
  };
}

const base64: JsonObject = { type: 'string', minLength: 1, description: 'Base64, or a data URL with base64.' };
const fileAs = (name: string): JsonObject => ({
  type: 'object',
  properties: { [name]: base64, mediaType: { type: 'string' } },
  required: [name],
  additionalProperties: false,
});
const encodedFile: JsonObject = { anyOf: [base64, fileAs('b64'), fileAs('data')] };

const orPredictions = (output: JsonObject, items: JsonObject): JsonObject => ({
  anyOf: [
    output,
    {
      type: 'object',
      properties: { predictions: { type: 'array', items } },
      required: ['predictions'],
      additionalProperties: false,
    },
  ],
});

function ofTensors(): ModelOperation {
  const rows = { type: 'object', properties: { instances: { type: 'array', items: {} } }, required: ['instances'] };
  return {
    parameters: [timeoutHeader],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { anyOf: [referenceTo(InferRequest), rows] },
          example: { instances: [[1, 2]] },
        },
        'application/octet-stream': { schema: binary },
      },
    },
    response: {
      description:
        'The outputs, with binary data after the JSON where it was requested; for instances, a row for each.',
      headers: { ...requestIdHeader, ...timingHeader },
      content: {
        'application/json': {
          schema: orPredictions(referenceTo(InferResponse), {}),
          example: { predictions: [[2, 4]] },
        },
        'application/octet-stream': { schema: binary },
      },
    },
  };
}

/** KServe's first protocol. */
function kservePaths(models: ReadonlyMap<string, PlatformModel>): JsonObject {
  const names = [...models.keys()];
  const [first = ''] = names;
  const parameters = [
    { name: 'model', in: 'path', required: true, schema: { type: 'string', enum: names }, example: first },
  ];
  const instance = instanceExample(models.get(first));
  const request = instance === undefined ? {} : { example: { instances: [instance] } };
  const ready = referenceTo(TensorModelReady);
  const example = { name: first, ready: true };
  return {
    '/v1/models/{model}': {
      get: {
        operationId: 'kserveModel',
        summary: 'Whether a model is ready.',
        tags,
        parameters,
        responses: {
          200: jsonResponse(ready, 'Ready.', example),
          ...tensorErrorResponses([401, 404, ...anyRoute]),
          503: orProblem(jsonResponse(ready, 'Not ready.', { ...example, ready: false })),
        },
      },
    },
    '/v1/models/{model}:predict': {
      post: {
        operationId: 'kservePredict',
        summary: 'Run a model on several instances, as KServe calls it.',
        tags,
        parameters: [...parameters, timeoutHeader],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: referenceTo(KServeRequest), ...request } },
        },
        responses: {
          200: {
            ...jsonResponse(referenceTo(KServeResponse), 'A prediction for each instance.', { predictions: [[2, 4]] }),
            headers: { ...requestIdHeader, ...timingHeader },
          },
          ...tensorErrorResponses([...plainStatuses, 404]),
        },
      },
    },
  };
}

/** One input of a model, as the protocol has it. */
function instanceExample(model: PlatformModel | undefined): unknown {
  return model?.kind === 'task' ? inputExample(model.model.task, undefined, ({ data }) => data) : [1, 2];
}
