import { z } from 'zod';
import { jsonResponse } from '../openapi/contents.ts';
import { anyRoute, tensorErrorResponses } from '../openapi/problems.ts';
import { type JsonObject, referenceTo } from '../openapi/schemas.ts';

const RepositoryIndex = z
  .array(
    z.object({
      name: z.string(),
      version: z.string().describe('Empty if no version of the model is loaded.'),
      state: z.enum(['READY', 'LOADING', 'UNLOADING', 'UNAVAILABLE']),
      reason: z.string().describe('Why it is not ready.'),
    }),
  )
  .meta({ id: 'RepositoryIndex' });
/** Clients may send more than is read. */
export const RepositoryIndexRequest = z
  .looseObject({ ready: z.boolean().nullish().describe('Lists only what is ready.') })
  .meta({ id: 'RepositoryIndexRequest' });
export const RepositoryRequest = z
  .looseObject({ parameters: z.record(z.string(), z.unknown()).nullish() })
  .meta({ id: 'RepositoryRequest' });
const Done = z.object({}).meta({ id: 'RepositoryDone' });

/** The paths of the extension for model repositories, with those that change one where that is allowed. */
export function repositoryPaths({ isControlled }: { readonly isControlled: boolean }): JsonObject {
  const errors = tensorErrorResponses([401, 413, ...anyRoute]);
  const entry = { name: 'iris', version: '1', state: 'READY', reason: '' };
  const body = (schema: JsonObject, example: object): JsonObject => ({
    content: { 'application/json': { schema, example } },
  });
  const change = (operationId: string, summary: string): JsonObject => ({
    post: {
      operationId,
      summary,
      tags: ['tensors'],
      parameters: [{ name: 'model', in: 'path', required: true, schema: { type: 'string' } }],
      requestBody: body(referenceTo(RepositoryRequest), {}),
      responses: { 200: jsonResponse(referenceTo(Done), 'Done.', {}), ...errors, ...tensorErrorResponses([404]) },
    },
  });
  return {
    '/v2/repository/index': {
      post: {
        operationId: 'tensorRepositoryIndex',
        summary: 'The models of the repository and their states.',
        tags: ['tensors'],
        requestBody: body(referenceTo(RepositoryIndexRequest), { ready: true }),
        responses: { 200: jsonResponse(referenceTo(RepositoryIndex), 'The models.', [entry]), ...errors },
      },
    },
    ...(isControlled
      ? {
          '/v2/repository/models/{model}/load': change(
            'tensorRepositoryLoad',
            'Load a model, or load it again, as it is in the repository now.',
          ),
          '/v2/repository/models/{model}/unload': change('tensorRepositoryUnload', 'Stop serving a model.'),
        }
      : {}),
  };
}
