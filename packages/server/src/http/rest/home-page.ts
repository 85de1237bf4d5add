import type { FastifyInstance } from 'fastify';
import { outputType } from '../input/headers.ts';
import { anyRoute, problemResponses, requestIdHeader } from '../openapi/problems.ts';
import type { JsonObject } from '../openapi/schemas.ts';

/** Relative, so that they hold behind any prefix. */
const links = { docs: 'docs', openapi: 'openapi.json', models: 'models' };

/** KServe's client reads here whether a server of its first protocol is alive. */
const about = { name: 'Portico', status: 'alive' };

export interface HomePageOptions {
  /** What proxies may put before every path; empty for nothing. */
  readonly basePath: string;
  /** Where people can try the models in a browser. */
  readonly demoUrl: string | undefined;
}

/** `GET /`: where everything is, in a line for programs or for people. It reveals nothing, and needs no API key. */
export async function homePage(app: FastifyInstance, { basePath, demoUrl }: HomePageOptions): Promise<void> {
  const places = { ...links, ...(demoUrl === undefined ? {} : { demo: demoUrl }) };
  const json = { ...about, ...places };
  const html = page(places);
  app.get('/', async (request, reply) => {
    const type = outputType(request, 'GET /', ['application/json', 'text/html']);
    reply.header('vary', 'accept');
    return type === 'text/html' ? reply.type('text/html; charset=utf-8').send(html) : json;
  });
  app.protocols.openPaths.push(/^\/$/);
  if (basePath === '') return;
  // Without the slash, the links would lead to what is beside the prefix.
  const withSlash = `${basePath.slice(basePath.lastIndexOf('/') + 1)}/`;
  app.get(basePath, async (_request, reply) => reply.redirect(withSlash, 308));
  app.protocols.openPaths.push(new RegExp(`^${basePath.replaceAll('.', String.raw`\.`)}$`));
}

/** @param places whose addresses are URLs: they may have `&` in them, but no quotes and no brackets. */
function page(places: Readonly<Record<string, string>>): string {
  const items = Object.entries(places).map(
    ([name, address]) => `<a href="${address.replaceAll('&', '&amp;')}">${name}</a>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Portico</title><p>Portico: ${items.join(', ')}</p></html>\n`;
}

/** The operation in the OpenAPI document. */
export const homePath: JsonObject = {
  get: {
    operationId: 'home',
    summary: 'Where documentation, models and demo page are.',
    tags: ['status'],
    security: [],
    responses: {
      200: {
        description: 'Addresses, relative to this one.',
        headers: requestIdHeader,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: {
                name: { type: 'string' },
                status: { const: 'alive' },
                ...Object.fromEntries(
                  Object.keys(links).map((name) => [name, { type: 'string', format: 'uri-reference' }]),
                ),
                demo: { type: 'string', format: 'uri', description: 'The demo page, where the server knows it.' },
              },
              required: [...Object.keys(about), ...Object.keys(links)],
              additionalProperties: false,
            },
            example: { ...about, ...links },
          },
          'text/html': { schema: { type: 'string' }, example: page(links) },
        },
      },
      ...problemResponses([406, ...anyRoute]),
    },
  },
};
