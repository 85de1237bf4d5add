import type { Task } from '@portico/schemas';
import {
  asText,
  fileRequestBody,
  inferenceProblems,
  inferenceResponse,
  type JsonObject,
  jsonRequestBody,
  otherContents,
  problemResponses,
  reference,
  referenceTo,
} from '../openapi/contents.ts';
import { jsonSchemaOf } from '../json-schema.ts';

const timeoutHeader: JsonObject = {
  name: 'x-timeout-seconds',
  in: 'header',
  description: 'Maximum time for this request in seconds, at most INFER_TIMEOUT_SECONDS.',
  schema: { type: 'number', exclusiveMinimum: 0 },
};

/** `POST /<task>` and, for files, `POST /<task>/batch`, from the contract alone. */
export function taskPaths(task: Task, maxBatchItems: number): JsonObject {
  const output = referenceTo(task.output);
  const tags = [task.name];
  const infer = {
    operationId: task.name,
    summary: task.summary,
    tags,
    parameters: [timeoutHeader, ...(task.accepts.kind === 'json' ? [] : queryParameters(task))],
    requestBody:
      task.accepts.kind === 'json' ? jsonRequestBody(task, task.accepts) : fileRequestBody(task, task.accepts),
    responses: {
      200: inferenceResponse(output, 'The output.', otherContents(task)),
      ...problemResponses(inferenceProblems),
    },
  };
  if (task.accepts.kind === 'json') return { [`/${task.name}`]: { post: infer } };
  const item = {
    oneOf: [
      { type: 'object', properties: { ok: { const: true }, value: output }, required: ['ok', 'value'] },
      { type: 'object', properties: { ok: { const: false }, error: reference('Problem') }, required: ['ok', 'error'] },
    ],
  };
  const batch = {
    operationId: `${task.name}Batch`,
    summary: `${task.summary} Several files at once, at most ${maxBatchItems}.`,
    tags,
    parameters: [timeoutHeader, ...queryParameters(task)],
    requestBody: fileRequestBody(task, task.accepts, maxBatchItems),
    responses: {
      200: inferenceResponse(
        { type: 'object', properties: { results: { type: 'array', items: item } }, required: ['results'] },
        'A result or a problem for each file, in order.',
      ),
      ...problemResponses(inferenceProblems),
    },
  };
  return { [`/${task.name}`]: { post: infer }, [`/${task.name}/batch`]: { post: batch } };
}

/** The parameters of a raw body are in the query. */
function queryParameters(task: Task): JsonObject[] {
  const { properties = {} } = jsonSchemaOf(task.params, 'input');
  return Object.entries(asText(properties)).map(([name, schema]) => ({
    name,
    in: 'query',
    description: 'For a raw body; a form has a field for it, a JSON body has `params`.',
    schema,
  }));
}
