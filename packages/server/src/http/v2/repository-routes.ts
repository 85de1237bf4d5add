import { Failure } from '@portico/schemas';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Gateway, ModelControl } from '../gateway.ts';
import { hasBody, readBody } from '../input/body.ts';
import { publicText } from '../public-text.ts';
import { repositoryPaths, RepositoryIndexRequest, RepositoryRequest } from './repository-openapi.ts';

/** What clients send is a few names; a file would take more. */
const maxBytes = 64 * 1024;

type NamedRequest = FastifyRequest<{ Params: { model: string } }>;

const off =
  'This server loads models only at start. Set MODEL_CONTROL=explicit and API_KEYS to load and unload models while it runs.';

/**
 * Triton's extension for model repositories: what there is, and with `MODEL_CONTROL=explicit` loading and unloading.
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md
 */
export async function repositoryRoutes(app: FastifyInstance, { gateway }: { gateway: Gateway }): Promise<void> {
  const { repository } = gateway;
  Object.assign(app.protocols.openApiPaths, repositoryPaths({ isControlled: repository.control !== undefined }));

  app.post('/v2/repository/index', async (request) => {
    const { ready } = await readJson(gateway, request, RepositoryIndexRequest);
    const entries = repository.index().map(({ reason, ...entry }) => ({ ...entry, reason: publicText(reason) }));
    return ready === true ? entries.filter(({ state }) => state === 'READY') : entries;
  });
  app.post('/v2/repository/models/:model/load', async (request: NamedRequest) => {
    const control = controlOf(gateway);
    const { parameters } = await readJson(gateway, request, RepositoryRequest);
    for (const name of Object.keys(parameters ?? {})) refuseOverride(name);
    await control.load(request.params.model);
    return {};
  });
  app.post('/v2/repository/models/:model/unload', async (request: NamedRequest) => {
    const control = controlOf(gateway);
    await readJson(gateway, request, RepositoryRequest);
    await control.unload(request.params.model);
    return {};
  });
}

function controlOf({ repository: { control } }: Gateway): ModelControl {
  if (control === undefined) throw new Failure('BAD_INPUT', off);
  return control;
}

function refuseOverride(name: string): void {
  if (name === 'config')
    throw new Failure('BAD_INPUT', 'The parameter config is not supported: a model is served as it is in its file.');
  if (name.startsWith('file:'))
    throw new Failure(
      'BAD_INPUT',
      `The parameter ${JSON.stringify(name)} is not supported: put the file into the model repository, then load the model.`,
    );
}

/** A small body of JSON; an absent one counts as an empty object. */
async function readJson<Schema extends z.ZodType<object>>(
  gateway: Gateway,
  request: FastifyRequest,
  schema: Schema,
): Promise<z.output<Schema>> {
  if (!hasBody(request)) return schema.parse({});
  try {
    const body = await readBody(gateway, request, maxBytes);
    return schema.parse(body.length === 0 ? {} : JSON.parse(body.toString()));
  } catch (error) {
    if (error instanceof Failure && error.code === 'TOO_LARGE')
      throw new Failure(
        'TOO_LARGE',
        `The body is larger than ${maxBytes / 1024} KiB. Files go into the model repository.`,
      );
    if (!(error instanceof SyntaxError) && !(error instanceof z.ZodError)) throw error;
    throw new Failure('BAD_INPUT', 'The body is not the JSON object that this route takes.', { cause: error });
  } finally {
    request.uploadLease?.release();
  }
}
