import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as kubernetesModels from '@kubernetes/client-node/dist/gen/models/ObjectSerializer.js';
import type { Manifest } from './manifests.ts';

// The API server drops fields that it does not know, with a warning that is easily missed. Here they are mistakes.

/** A type as the generators of Kubernetes' clients write it: `string`, `Array<V1Container>`, `{ [key: string]: string; }`. */
export interface Field {
  readonly type: string;
  readonly format?: string;
  readonly required: boolean;
}

/** The fields of a type by name; undefined where a type is none of this schema's. */
export type Schema = (type: string) => ReadonlyMap<string, Field> | undefined;

/** The types of the objects that the manifests consist of. */
const kubernetesKinds: Readonly<Record<string, string>> = {
  'v1 Service': 'V1Service',
  'v1 ServiceAccount': 'V1ServiceAccount',
  'apps/v1 Deployment': 'V1Deployment',
  'autoscaling/v2 HorizontalPodAutoscaler': 'V2HorizontalPodAutoscaler',
  'networking.k8s.io/v1 NetworkPolicy': 'V1NetworkPolicy',
  'policy/v1 PodDisruptionBudget': 'V1PodDisruptionBudget',
};

/** Anything may be in it. */
const untyped: ReadonlySet<string> = new Set(['any', 'object', 'Date']);

export interface StrictCheck {
  readonly schema: Schema;
  readonly kinds: Readonly<Record<string, string>>;
  /** A patch has only some of an object's fields, and null takes one away. */
  readonly partial?: boolean;
}

/** What is wrong with an object: kinds and fields that do not exist, required ones that are missing, and other types. */
export function strictFindings(
  manifest: Manifest,
  { schema, kinds, partial = false }: StrictCheck = kubernetes,
): string[] {
  const kind = `${manifest.apiVersion} ${manifest.kind}`;
  const type = kinds[kind];
  if (type === undefined) return [`there is no ${kind}`];
  return [...walk(manifest, { type, required: true }, manifest.kind)];

  function* walk(value: unknown, field: Field, path: string): Generator<string> {
    if (value === null && partial) return;
    const { type, format = '' } = field;
    const [, item] = /^Array<(.*)>$/.exec(type) ?? [];
    const [, entry] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? [];
    if (item !== undefined) {
      if (!Array.isArray(value)) yield `${path} is no list`;
      else {
        for (const [index, each] of value.entries())
          yield* walk(each, { type: item, required: true }, `${path}[${index}]`);
      }
    } else if (entry !== undefined) {
      if (!isObject(value)) yield `${path} is no object`;
      else {
        for (const [key, each] of Object.entries(value))
          yield* walk(each, { type: entry, required: true }, `${path}.${key}`);
      }
    } else if (type === 'IntOrString') {
      if (typeof value !== 'string' && !Number.isInteger(value)) yield `${path} is no whole number and no string`;
    } else if (['string', 'number', 'boolean'].includes(type)) {
      if (typeof value !== type) yield `${path} is no ${type}: ${JSON.stringify(value)}`;
      else if (format.startsWith('int') && !Number.isInteger(value)) yield `${path} is no whole number`;
    } else if (!untyped.has(type)) yield* walkObject(value, type, path);
  }

  function* walkObject(value: unknown, type: string, path: string): Generator<string> {
    const fields = schema(type);
    if (fields === undefined) yield `${path} has the type ${type}, which the schema lacks`;
    else if (!isObject(value)) yield `${path} is no object`;
    else {
      for (const [name, each] of Object.entries(value)) {
        const field = fields.get(name);
        if (field === undefined) yield `${path}.${name} does not exist`;
        else yield* walk(each, field, `${path}.${name}`);
      }
      for (const [name, { required }] of fields)
        if (required && !partial && !(name in value)) yield `${path}.${name} is missing`;
    }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const declarations = join(dirname(createRequire(import.meta.url).resolve('@kubernetes/client-node')), 'gen', 'models');
const known = new Map<string, ReadonlyMap<string, Field>>();

interface GeneratedModel {
  getAttributeTypeMap?: () => readonly { baseName: string; type: string; format: string }[];
}

/** The types of the official client. Which fields are required only its declarations say. */
export const kubernetesSchema: Schema = (type) => {
  const found = known.get(type);
  if (found !== undefined) return found;
  const attributes = (kubernetesModels as Readonly<Record<string, GeneratedModel>>)[type]?.getAttributeTypeMap?.();
  if (attributes === undefined) return undefined;
  const declaration = readFileSync(join(declarations, `${type}.d.ts`), 'utf8');
  const required = new Set([...declaration.matchAll(/^ {4}'(\w+)': /gm)].map(([, name]) => name));
  const fields = new Map(
    attributes.map(({ baseName, ...field }) => [baseName, { ...field, required: required.has(baseName) }]),
  );
  known.set(type, fields);
  return fields;
};

export const kubernetes: StrictCheck = { schema: kubernetesSchema, kinds: kubernetesKinds };
