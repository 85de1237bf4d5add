import { request } from 'node:http';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formatsModule from 'ajv-formats';

/** An answer as far as a test has read it. */
export interface Answer {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly status: number;
  readonly headers: Headers;
  /** Undefined if the test has not read it, or not to its end. */
  body?: string;
}

interface Content {
  readonly schema?: unknown;
  readonly 'x-events'?: Readonly<Record<string, unknown>>;
}
interface HeaderObject {
  readonly required?: boolean;
}
interface ResponseObject {
  readonly headers?: Readonly<Record<string, HeaderObject>>;
  readonly content?: Readonly<Record<string, Content>>;
}
interface Operation {
  readonly responses: Readonly<Record<string, ResponseObject | { readonly $ref: string }>>;
}
type Methods = Readonly<Record<string, Operation>>;
interface Document {
  readonly servers: readonly [{ readonly url: string }];
  readonly paths: Readonly<Record<string, Methods>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Headers of any response, whatever its route: of HTTP itself and of CORS. */
const everywhere =
  /^(content-(type|length)|transfer-encoding|connection|keep-alive|date|vary|cache-control|access-control-.*|x-accel-buffering)$/;
/** Not in the document: tRPC, which has types instead, and the parts of the page /docs. */
const elsewhere = /^\/(trpc|docs\/)/;
/** What a target can be answered with that is no route, or a route that does not have the method. */
const unrouted = new Set([400, 401, 404, 405, 408, 413, 431, 503]);
/** Of an answer without a route. */
const routeless = {
  '/components/schemas/Problem': 'application/problem+json',
  '/components/schemas/TensorError': 'application/json',
};

// The types of the package describe its CommonJS form.
const addFormats = formatsModule as unknown as typeof formatsModule.default;

/** The OpenAPI document that a server serves, to hold its answers against. */
export class ServedDocument {
  readonly #document: Document;
  readonly #templates: readonly (readonly [pattern: RegExp, path: string])[];
  readonly #ajv = new Ajv2020({ strict: false, validateSchema: false, formats: { binary: true, starts_with: true } });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: unknown) {
    this.#document = document as Document;
    this.#ajv.addSchema(document as object, 'document');
    addFormats(this.#ajv);
    this.#templates = Object.keys(this.#document.paths)
      .toSorted(
        // A parameter may match what is written out in a longer template.
        (one, other) => Number(one.includes('{')) - Number(other.includes('{')) || other.length - one.length,
      )
      .map((path) => [new RegExp(`^${path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+')}$`), path]);
  }

  /** Whatever the document does not say about this answer, in words. */
  mistakes(answer: Answer): string[] {
    const path = this.#pathOf(answer.target);
    if (answer.method === 'OPTIONS' || elsewhere.test(path)) return [];
    const [, template] = this.#templates.find(([pattern]) => pattern.test(path)) ?? [];
    const methods = template === undefined ? {} : (this.#document.paths[template] ?? {});
    const method = answer.method.toLowerCase();
    const operation = methods[method] ?? (method === 'head' ? methods['get'] : undefined);
    if (template === undefined || operation === undefined) return this.#unrouted(answer);
    const name = methods[method] === undefined ? 'get' : method;
    const given = operation.responses[answer.status];
    if (given === undefined) return [`${answer.status} is not among the answers of ${name.toUpperCase()} ${template}`];
    const pointer =
      '$ref' in given ? given.$ref.slice(1) : `/paths/${escaped(template)}/${name}/responses/${answer.status}`;
    const response = '$ref' in given ? (at(this.#document, given.$ref) as ResponseObject) : given;
    return [...this.#headers(answer, response, pointer), ...this.#content(answer, response, pointer)];
  }

  /** Without what a proxy puts in front, the origin of an absolute target, and the query. */
  #pathOf(target: string): string {
    const path = target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1)[0] ?? '';
    const prefix = this.#document.servers[0].url;
    const own = prefix !== '/' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
    return own === '/v2/' ? '/v2' : own;
  }

  #unrouted({ status, headers, body }: Answer): string[] {
    if (!unrouted.has(status)) return [`the route is not in the document, and the answer is ${status}`];
    const type = mediaTypeOf(headers);
    if (body === undefined || body === '') return [];
    const [pointer] = Object.entries(routeless).find(([, mediaType]) => mediaType === type) ?? [];
    if (pointer === undefined) return [`${status} without a route is ${type}`];
    return this.#json(body, pointer);
  }

  #headers({ headers }: Answer, { headers: documented = {} }: ResponseObject, pointer: string): string[] {
    const missing = Object.entries(documented)
      .filter(([name, { required }]) => required === true && !headers.has(name))
      .map(([name]) => `${name} is missing`);
    const wrong = [...headers].flatMap(([name, value]) => {
      if (everywhere.test(name)) return [];
      if (documented[name] === undefined) return [`the header ${name} is not in the document`];
      const number = value.trim() === '' ? Number.NaN : Number(value);
      const validate = this.#validator(`${pointer}/headers/${name}/schema`);
      const fits = [value, ...(Number.isNaN(number) ? [] : [number])].some((one) => validate(one));
      if (fits) return [];
      return [`${name}: ${value}: ${this.#ajv.errorsText(validate.errors)}`];
    });
    return [...missing, ...wrong];
  }

  #content({ method, headers, body }: Answer, { content }: ResponseObject, pointer: string): string[] {
    if (method === 'HEAD') return body === undefined || body === '' ? [] : ['HEAD has a body'];
    const type = mediaTypeOf(headers);
    const documented = content?.[type];
    if (content === undefined && type === '') return body === undefined || body === '' ? [] : ['there is a body'];
    if (documented === undefined) return [`${type} is not among ${Object.keys(content ?? {}).join(', ')}`];
    if (body === undefined || headers.has('content-encoding')) return [];
    const here = `${pointer}/content/${escaped(type)}`;
    if (/^application\/(.*\+)?json$/.test(type)) return this.#json(body, `${here}/schema`);
    if (type !== 'text/event-stream') return [];
    const events = body.split('\n\n').filter((block) => block !== '' && !block.startsWith(':'));
    return events.flatMap((block) => {
      const [, event = '', data = ''] = /^id: \d+\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (documented['x-events']?.[event] === undefined) return [`an event is ${block.slice(0, 100)}`];
      return this.#json(data, `${here}/x-events/${event}`);
    });
  }

  #json(text: string, pointer: string): string[] {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return [`no JSON: ${String(error)}`];
    }
    const validate = this.#validator(pointer);
    if (validate(value)) return [];
    return [`${pointer}: ${this.#ajv.errorsText(validate.errors, { dataVar: 'body' })}`];
  }

  #validator(pointer: string): ValidateFunction {
    let validate = this.#validators.get(pointer);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: `document#${encodeURI(pointer)}` });
      this.#validators.set(pointer, validate);
    }
    return validate;
  }
}

/** Reads the document over a connection of its own, which is closed by then. */
export function readDocument(url: string, key: string | undefined): Promise<ServedDocument> {
  const headers = key === undefined ? {} : { 'x-api-key': key };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/openapi.json`, { agent: false, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.socket.once('close', () => {
        if (response.complete && response.statusCode === 200) resolve(new ServedDocument(JSON.parse(text)));
        else reject(new Error(`GET /openapi.json: ${response.statusCode} ${text}`));
      });
    });
    sent.on('error', reject).end();
  });
}

const mediaTypeOf = (headers: Headers): string => (headers.get('content-type') ?? '').replace(/;.*/s, '');

/** A key in a JSON pointer. */
const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

const at = (document: unknown, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce<unknown>((here, key) => (here as Record<string, unknown>)[key], document);
