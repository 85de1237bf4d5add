import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '../openapi/schemas.ts';

const style = `
.swagger-ui .topbar { display: none }
#api-key { font: 14px sans-serif; max-width: 1460px; margin: 20px auto 0; padding: 0 20px }`;

/**
 * Asks for the API key and keeps it until the tab is closed. The document is loaded with the page, so a new key loads the page
 * again.
 */
const askForKey = `
const form = document.createElement('form');
form.id = 'api-key';
form.innerHTML = sessionStorage.getItem('portico-api-key') === null
  ? '<label>API key <input type="password" autocomplete="off" required></label> <button>Use</button>'
  : 'This page sends your API key, until the tab is closed. <button>Forget it</button>';
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const input = form.querySelector('input');
  if (input === null) sessionStorage.removeItem('portico-api-key');
  else sessionStorage.setItem('portico-api-key', input.value);
  location.reload();
});
document.body.prepend(form);`;

interface PageRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** Of the browser; Node has none of them in every version. */
declare const sessionStorage: { getItem(name: string): string | null };
declare const location: { readonly href: string; readonly origin: string };

/** Sends the key with the requests of the page. It runs in the browser as this text, so it can use nothing from around it. */
function sendKey(request: PageRequest): PageRequest {
  const key = sessionStorage.getItem('portico-api-key');
  const isOwn = new URL(request.url, location.href).origin === location.origin;
  const hasKey = Object.keys(request.headers).some((name) => /^(authorization|x-api-key)$/i.test(name));
  if (key !== null && isOwn && !hasKey) request.headers['authorization'] = 'Bearer ' + key;
  return request;
}

export interface DocsPageOptions {
  readonly document: JsonObject;
  /** `API_KEYS` is set: the page asks for one. The page itself reveals nothing, and needs none. */
  readonly needsKey: boolean;
}

/** `GET /docs`: the OpenAPI document as a page. Its scripts come from this server, by links that hold behind any prefix. */
export async function docsPage(app: FastifyInstance, { document, needsKey }: DocsPageOptions): Promise<void> {
  // Whatever a proxy puts in front of both, the paths are where the folder of the page is.
  const specification = { ...document, servers: [{ url: '..' }] };
  await app.register(swagger, { mode: 'static', specification: { document: specification as never } });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    indexPrefix: '.',
    uiHooks: {
      onRequest: (request, reply, done) => {
        // The plugin's own redirect has no prefix.
        if (request.url.startsWith('/docs/static/index.html')) void reply.redirect('../');
        else done();
      },
    },
    theme: {
      title: 'Portico',
      css: [{ filename: 'portico.css', content: style }],
      js: needsKey ? [{ filename: 'api-key.js', content: askForKey }] : [],
    },
    uiConfig: needsKey ? { requestInterceptor: sendKey as never } : {},
  });
  app.protocols.openPaths.push(/^\/docs\/?$/, /^\/docs\/static\//);
}
