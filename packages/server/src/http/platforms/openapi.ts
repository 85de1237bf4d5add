import { type Failure, isFailure, type Task } from '@portico/schemas';
import {
  fileRequestBody,
  inferenceProblems,
  inferenceResponse,
  inlineSchema,
  type JsonObject,
  jsonRequestBody,
  jsonResponse,
  otherContents,
  problemResponses,
  reference,
  referenceTo,
} from '../openapi/contents.ts';
import { inferRequest, inferResponse, plainErrors } from '../v2/openapi.ts';
import type { PlatformModel } from './sole-model.ts';

const tags = ['platforms'];
const anything: JsonObject = {};

export interface DocumentedPlatforms {
  readonly models: ReadonlyMap<string, PlatformModel>;
  /** What the routes answer that name no model; they are left out where that is an error. */
  readonly sole: PlatformModel | Failure;
  readonly health?: string | undefined;
  readonly predict?: string | undefined;
}

/** The paths that platforms call. */
export function platformPaths({ models, sole, health, predict }: DocumentedPlatforms): JsonObject {
  const paths: JsonObject = { '/ping': readiness('ping', 'SageMaker looks here whether every model is ready.') };
  if (health !== undefined)
    paths[health] = readiness('vertexHealth', 'Vertex AI looks here whether every model is ready.');
  if (!isFailure(sole)) {
    const sagemaker = operation(sole, problemResponses(inferenceProblems));
    const plain = operation(sole, plainErrors(...inferenceProblems));
    paths['/invocations'] = {
      post: { operationId: 'invocations', summary: 'Run the model, as SageMaker calls it.', ...sagemaker },
    };
    paths['/'] = { post: { operationId: 'inputs', summary: 'Run the model, as Hugging Face calls it.', ...plain } };
    if (predict !== undefined && predict !== '/invocations')
      paths[predict] = {
        ...(paths[predict] as JsonObject | undefined),
        post: { operationId: 'vertexPredict', summary: 'Run the model, as Vertex AI calls it.', ...plain },
      };
  }
  return models.size === 0 ? paths : { ...paths, ...kservePaths([...models.keys()]) };
}

const readiness = (operationId: string, summary: string): JsonObject => ({
  get: {
    operationId,
    summary,
    tags,
    security: [],
    responses: {
      200: { description: 'Ready.' },
      503: jsonResponse(reference('NotReady'), 'Not ready, and why.'),
    },
  },
});

/** What the routes for one model share. */
function operation(sole: PlatformModel, errors: JsonObject): JsonObject {
  const { requestBody, response } = sole.kind === 'task' ? ofTask(sole.model.task) : ofTensors();
  return { tags, requestBody, responses: { 200: response, ...errors } };
}

function ofTask(task: Task): { requestBody: JsonObject; response: JsonObject } {
  const { accepts } = task;
  const own = accepts.kind === 'json' ? jsonRequestBody(task, accepts) : fileRequestBody(task, accepts);
  const contents = own['content'] as Record<string, { schema: JsonObject }>;
  const input = accepts.kind === 'json' ? inlineSchema(accepts.schema) : encodedFile;
  const parameters = inlineSchema(task.params);
  const json = {
    anyOf: [
      contents['application/json']?.schema ?? anything,
      { type: 'object', properties: { inputs: input, parameters }, required: ['inputs'] },
      {
        type: 'object',
        properties: { instances: { type: 'array', items: input }, parameters },
        required: ['instances'],
      },
    ],
  };
  const output = referenceTo(task.output);
  return {
    requestBody: { required: true, content: { ...contents, 'application/json': { schema: json } } },
    response: inferenceResponse(
      { anyOf: [output, predictionsOf(output)] },
      'The output; a list of predictions for instances.',
      otherContents(task),
    ),
  };
}

const text: JsonObject = { type: 'string', description: 'Base64, or a data URL with base64.' };
const encodedFile: JsonObject = {
  anyOf: [
    text,
    { type: 'object', properties: { b64: text, mediaType: { type: 'string' } }, required: ['b64'] },
    { type: 'object', properties: { data: text, mediaType: { type: 'string' } }, required: ['data'] },
  ],
};

const predictionsOf = (items: JsonObject): JsonObject => ({
  type: 'object',
  properties: { predictions: { type: 'array', items } },
  required: ['predictions'],
});

function ofTensors(): { requestBody: JsonObject; response: JsonObject } {
  const rows = {
    type: 'object',
    properties: { instances: { type: 'array', items: anything } },
    required: ['instances'],
  };
  return {
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { anyOf: [inferRequest, rows] } },
        'application/octet-stream': { schema: { type: 'string', format: 'binary' } },
      },
    },
    response: inferenceResponse(
      { anyOf: [inferResponse, predictionsOf(anything)] },
      'The outputs, with binary data after the JSON if requested; a list of predictions for instances.',
    ),
  };
}

/** KServe's first protocol. */
function kservePaths(models: readonly string[]): JsonObject {
  const parameters = [{ name: 'model', in: 'path', required: true, schema: { type: 'string', enum: models } }];
  const ready = {
    type: 'object',
    properties: { name: { type: 'string' }, ready: { type: 'boolean' } },
    required: ['name', 'ready'],
  };
  const request = {
    type: 'object',
    properties: { instances: { type: 'array', items: anything }, parameters: { type: 'object' } },
    required: ['instances'],
  };
  return {
    '/v1/models/{model}': {
      get: {
        operationId: 'kserveModel',
        summary: 'Whether a model is ready.',
        tags,
        parameters,
        responses: {
          200: jsonResponse(ready, 'Ready.'),
          503: jsonResponse(ready, 'Not ready.'),
          ...plainErrors(401, 404),
        },
      },
    },
    '/v1/models/{model}:predict': {
      post: {
        operationId: 'kservePredict',
        summary: 'Run a model on several instances, as KServe calls it.',
        tags,
        parameters,
        requestBody: { required: true, content: { 'application/json': { schema: request } } },
        responses: {
          200: inferenceResponse(predictionsOf(anything), 'A prediction for each instance.'),
          ...plainErrors(404, ...inferenceProblems),
        },
      },
    },
  };
}
