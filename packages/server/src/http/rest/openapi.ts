import type { Task } from '@portico/schemas';
import type { ServedModel } from '../gateway.ts';
import { inferenceResponse, timingHeader } from '../openapi/contents.ts';
import { exampleOf } from '../openapi/examples.ts';
import { inference, problemResponses, requestIdHeader } from '../openapi/problems.ts';
import { asText, paramsSchema } from '../openapi/params.ts';
import { batchRequestBody, requestBody } from '../openapi/request-bodies.ts';
import { type JsonObject, reference, referenceTo } from '../openapi/schemas.ts';

export const timeoutHeader: JsonObject = {
  name: 'x-timeout-seconds',
  in: 'header',
  description:
    'Maximum time for this request in seconds, at most INFER_TIMEOUT_SECONDS. A decimal number without exponent.',
  schema: { type: 'number', minimum: 0.001, maximum: 999_999_999 },
  example: 30,
};

/** `POST /<task>` and `POST /<task>/batch`, from the contract and the example that the model is registered with. */
export function taskPaths(
  { task, settings }: Pick<ServedModel, 'task' | 'settings'>,
  maxBatchItems: number,
): JsonObject {
  const { name, summary } = task;
  const registered = settings.example !== undefined && 'input' in settings.example ? settings.example.input : undefined;
  const parameters = [timeoutHeader, ...queryParameters(task)];
  const infer = {
    operationId: name,
    summary,
    tags: [name],
    parameters,
    requestBody: requestBody(task, registered),
    responses: { 200: inferenceResponse(task), ...problemResponses(inference) },
  };
  const batch = {
    operationId: `${name}Batch`,
    summary: `${summary} Several inputs at once, at most ${maxBatchItems}.`,
    tags: [name],
    parameters,
    requestBody: batchRequestBody(task, maxBatchItems, registered),
    responses: { 200: batchResponse(task), ...problemResponses(inference) },
  };
  return { [`/${name}`]: { post: infer }, [`/${name}/batch`]: { post: batch } };
}

function batchResponse({ output }: Task): JsonObject {
  const item = {
    oneOf: [
      {
        type: 'object',
        properties: { ok: { const: true }, value: referenceTo(output) },
        required: ['ok', 'value'],
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: { ok: { const: false }, error: reference('Problem') },
        required: ['ok', 'error'],
        additionalProperties: false,
      },
    ],
  };
  const value = exampleOf(output, 'output');
  return {
    description: 'A result or a problem for each input, in order.',
    headers: { ...requestIdHeader, ...timingHeader },
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: { results: { type: 'array', items: item } },
          required: ['results'],
          additionalProperties: false,
        },
        ...(value === undefined ? {} : { example: { results: [{ ok: true, value }] } }),
      },
    },
  };
}

/**
 * Parameters may be in the query of every request; a form and JSON have them too, and theirs come first. Without a default in
 * the schema: generated clients would send it beside what the body has.
 */
export function queryParameters(task: Task): JsonObject[] {
  const place = task.accepts.kind === 'json' ? '`params`' : 'the form, or in `params` in JSON,';
  return Object.entries(asText(paramsSchema(task).properties)).map(([name, property]) => {
    const { default: preset, description, ...schema } = property as JsonObject & { readonly description?: string };
    const otherwise = preset === undefined ? [] : [`Default: ${JSON.stringify(preset)}.`];
    const sentences = [
      ...(description === undefined ? [] : [description]),
      `A value in ${place} takes precedence.`,
      ...otherwise,
    ];
    return { name, in: 'query', description: sentences.join(' '), schema };
  });
}
