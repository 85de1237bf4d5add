import { audio, bytes, dataUrl, defineTask, file, form, image, json, png, type Task, tasks } from '@portico/schemas';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formatsModule from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ModelDispatcher } from '../../dispatch/dispatcher.ts';
import { platformPaths } from '../platforms/openapi.ts';
import type { PlatformModel } from '../platforms/sole-model.ts';
import { taskPaths } from '../rest/openapi.ts';
import { tensorPaths } from '../v2/openapi.ts';
import { openApiDocument } from './document.ts';
import { choiceSchemas } from './params.ts';
import type { JsonObject } from './schemas.ts';

// The types of the package describe its CommonJS form.
const addFormats = formatsModule as unknown as typeof formatsModule.default;

const documentOf = (served: readonly Task[], input?: unknown): JsonObject => {
  const settings = { variants: {}, ...(input === undefined ? {} : { example: { input } }) };
  const paths = served.map((task) => taskPaths({ task, settings }, 32));
  const models = served.map((task) => {
    const dispatcher = {} as ModelDispatcher;
    return [
      task.name,
      { kind: 'task', name: task.name, model: { task, settings, variant: '', dispatcher, timeoutMs: 1 } },
    ];
  }) as [string, PlatformModel][];
  const [[, sole] = []] = models;
  const platforms = sole === undefined ? {} : platformPaths({ models: new Map(models), sole, predict: '/predict' });
  const openApiPaths = Object.assign({}, ...paths, tensorPaths(['net']), platforms) as JsonObject;
  const openApiSchemas = Object.assign({}, ...served.map(choiceSchemas)) as JsonObject;
  return openApiDocument({ openApiPaths, openApiSchemas }, true);
};

/** Contracts that people write, without examples. */
const own = [
  defineTask({
    name: 'translate',
    summary: 'Translate texts.',
    accepts: json(
      z.object({
        texts: z.array(z.string().min(3).max(40)).min(2).max(4),
        to: z.enum(['de', 'fr']),
        at: z.iso.datetime().optional(),
        glossary: z.union([z.string().startsWith('g'), z.int()]).optional(),
        mode: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('fast') }),
          z.object({ kind: z.literal('good'), beams: z.int() }),
        ]),
      }),
    ),
    params: z.object({ temperature: z.number().gt(0).lt(0.5).optional(), beams: z.int().min(2).default(4) }),
    output: z.object({
      pairs: z.array(z.tuple([z.string(), z.number().positive().max(0.5)])),
      nothing: z.tuple([]),
      score: z.number().negative().nullable(),
      by: z.record(z.string(), z.number()),
      rank: z.union([z.number(), z.string(), z.null()]),
    }),
    item: z.object({ text: z.string() }),
  }),
  defineTask({
    name: 'restore',
    summary: 'Restore a picture.',
    accepts: image(),
    params: z.object({
      strength: z.number().min(0).max(1).default(0.5),
      look: z.enum(['old', 'new']).default('new').describe('How it looks.'),
    }),
    output: z.object({ image: z.string().startsWith('data:image/png;base64,') }),
    produces: png('image'),
  }),
  defineTask({
    name: 'speak',
    summary: 'Speak like somebody.',
    accepts: form({ voice: audio(), script: file({ mediaTypes: ['text/*', 'application/pdf'] }) }),
    params: z.object({ slow: z.boolean().default(false) }),
    output: z.object({ speech: dataUrl('audio/wav') }),
    produces: bytes('speech', 'audio/wav'),
  }),
  defineTask({
    name: 'identify',
    summary: 'Say what a file is.',
    accepts: file(),
    params: z.object({}),
    output: z.object({ type: z.string() }),
  }),
  defineTask({
    name: 'transcribe',
    summary: 'Write down speech.',
    accepts: audio(),
    params: z.object({}),
    output: z.object({ text: z.string().regex(/^[A-Z]{3}-\d{4}$/) }),
  }),
];

const everything = [...Object.values<Task>(tasks), ...own];

describe('The document', () => {
  const document = documentOf(everything);

  it('is valid OpenAPI 3.1, references included', async () => {
    const validator = new Validator();
    const { errors } = await validator.validate(document);
    expect(errors ?? []).toEqual([]);
    expect(validator.version).toBe('3.1');
  });

  it('has examples that match their schemas', () => {
    const ajv = new Ajv2020({ strict: false, validateSchema: false, formats: { binary: true, starts_with: true } });
    addFormats(ajv);
    ajv.addSchema(document, 'document');
    const found = examplesIn(document);
    expect(found.length).toBeGreaterThan(100);
    const wrong = found.filter(({ pointer, example }) => {
      const validate = ajv.compile({ $ref: `document#${encodeURI(pointer)}/schema` });
      return !validate(example);
    });
    expect(wrong).toEqual([]);
  });

  it.each(everything)('has a request in JSON that the contract of $name takes', (task) => {
    const { input, params } = jsonBody(document, task)['example'] as { input: unknown; params: unknown };
    const encoded = z.object({ data: z.base64(), mediaType: z.string() });
    const { accepts } = task;
    const accepted =
      accepts.kind === 'json'
        ? accepts.schema
        : accepts.kind === 'form'
          ? z.strictObject(Object.fromEntries(Object.keys(accepts.parts).map((part) => [part, encoded])))
          : encoded;
    expect(accepted.safeParse(input).error).toBeUndefined();
    expect(task.params.safeParse(params).error).toBeUndefined();
  });
});

const translate = own[0] as Task;

it('shows the input that a model is registered with, unless the contract refuses it', () => {
  const input = { texts: ['Good morning', 'Good night'], to: 'fr', mode: { kind: 'fast' } };
  expect(jsonBody(documentOf([translate], input), translate)['example']).toEqual({ input, params: { beams: 4 } });
  const shown = jsonBody(documentOf([translate], { texts: 1 }), translate);
  expect(shown['example']).toMatchObject({ input: { texts: ['text', 'text'], to: 'de', mode: { kind: 'fast' } } });
});

it('shows no example where only a person could make one up', () => {
  const responses = (documentOf(own)['paths'] as Paths)['/transcribe']?.['post']?.responses;
  expect(responses?.['200']?.content?.['application/json']).not.toHaveProperty('example');
});

it('says nothing that generators do not take: lists of types, and formats that only Zod knows', () => {
  const found: unknown[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, format, prefixItems, items } = value as JsonObject;
    if (Array.isArray(type) && type.filter((each) => each !== 'null').length > 1) found.push(value);
    if (format === 'starts_with' || (prefixItems !== undefined && items === false)) found.push(value);
    Object.values(value).forEach(visit);
  };
  const document = documentOf(everything);
  visit(document);
  expect(found).toEqual([]);
  const { schemas } = document['components'] as { schemas: Record<string, JsonObject> };
  expect(schemas['InferResponse']).toHaveProperty(['properties', 'outputs', 'items', 'properties', 'data', 'items'], {
    anyOf: [{ type: 'number' }, { type: 'string' }, { type: 'boolean' }, { type: 'null' }],
  });
});

it('names the choices of a parameter once: in the query, the form, JSON and what platforms call', () => {
  const restore = own[1] as Task;
  const document = documentOf([restore]);
  const { schemas } = document['components'] as { schemas: Record<string, JsonObject> };
  expect(schemas['RestoreParamsLook']).toEqual({ type: 'string', enum: ['old', 'new'] });
  const text = JSON.stringify(document);
  expect(text.split('["old","new"]')).toHaveLength(2);
  expect(text.split('"#/components/schemas/RestoreParamsLook"').length).toBeGreaterThan(7);
  const paths = document['paths'] as { '/restore': { post: { parameters: JsonObject[] } } };
  const { parameters } = paths['/restore'].post;
  expect(parameters.find(({ name }) => name === 'look')).toEqual({
    name: 'look',
    in: 'query',
    description: 'How it looks. A value in the form, or in `params` in JSON, takes precedence. Default: "new".',
    schema: { $ref: '#/components/schemas/RestoreParamsLook' },
  });
});

it('describes every tag, of a protocol from outside too', () => {
  const there = { '/echo': { parameters: [], get: { tags: ['echo'], responses: {} }, put: { responses: {} } } };
  const { tags } = openApiDocument({ openApiPaths: there, openApiSchemas: {} }, false) as {
    tags: { name: string; description: string }[];
  };
  expect(tags.map(({ name }) => name)).toEqual(['status', 'echo']);
  expect(tags.every(({ description }) => description !== '')).toBe(true);
});

type Paths = Record<string, Record<string, Operation>>;
interface Operation {
  readonly requestBody: { readonly content: Record<string, JsonObject> };
  readonly responses: Record<string, { readonly content?: Record<string, JsonObject> }>;
}

it('has a batch of every task in JSON, and of files as a form', () => {
  const paths = documentOf(own)['paths'] as Paths;
  const typesOf = (path: string) => Object.keys(paths[path]?.['post']?.requestBody.content ?? {});
  expect(typesOf('/translate/batch')).toEqual(['application/json']);
  expect(typesOf('/identify/batch')).toEqual(['multipart/form-data', 'application/json']);
  expect(typesOf('/identify')).toEqual(['multipart/form-data', 'application/json', '*/*', 'application/octet-stream']);
  expect(typesOf('/speak')).toEqual(['multipart/form-data', 'application/json']);
});

const jsonBody = (document: JsonObject, { name }: Task): JsonObject =>
  (document['paths'] as Paths)[`/${name}`]?.['post']?.requestBody.content['application/json'] ?? {};

/** Everything that has a schema and an example of it. */
function examplesIn(value: unknown, pointer = ''): { pointer: string; example: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { schema, example, examples } = value as JsonObject;
  const named = Object.values((examples ?? {}) as Record<string, { value: unknown }>).map((one) => one.value);
  const all = schema === undefined ? [] : example === undefined ? named : [example, ...named];
  return [
    ...all.map((one) => ({ pointer, example: one })),
    ...Object.entries(value).flatMap(([key, inner]) =>
      key === 'example' || key === 'examples'
        ? []
        : examplesIn(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    ),
  ];
}
