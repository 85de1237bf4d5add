import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Field, kubernetesSchema, type Schema, type StrictCheck } from './strict-schema.ts';

/** Types that the Python client writes in its own way. */
const pythonTypes: Readonly<Record<string, string>> = {
  str: 'string',
  int: 'number',
  float: 'number',
  bool: 'boolean',
  // Quantities such as 2Gi.
  ResourceQuantity: 'string',
  V1beta1MetricQuantity: 'string',
};

const kinds = {
  'serving.kserve.io/v1alpha1 ServingRuntime': 'V1alpha1ServingRuntime',
  'serving.kserve.io/v1beta1 InferenceService': 'V1beta1InferenceService',
};

/** KServe's types, out of its Python client in this environment. What they contain of Kubernetes is Kubernetes' own. */
export function kserve(python: string): StrictCheck {
  const library = join(dirname(dirname(python)), 'lib');
  const folders = readdirSync(library).map((name) => join(library, name, 'site-packages', 'kserve', 'models'));
  const folder = folders.find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`there is no kserve in ${library}`);
  const schema: Schema = (type) => kubernetesSchema(type) ?? ofPython(folder, type);
  return { schema, kinds };
}

function ofPython(folder: string, type: string): ReadonlyMap<string, Field> | undefined {
  const path = join(folder, `${snakeCase(type)}.py`);
  if (!existsSync(path)) return undefined;
  const source = readFileSync(path, 'utf8');
  const types = dictionary(source, 'openapi_types');
  const names = dictionary(source, 'attribute_map');
  const required = new Set(
    [...source.matchAll(/Invalid value for `(\w+)`, must not be `None`/g)].map(([, name]) => name),
  );
  return new Map(
    [...types].map(([attribute, written]) => [
      names.get(attribute) ?? attribute,
      { type: translate(written), required: required.has(attribute) },
    ]),
  );
}

/** `V1alpha1ServingRuntimeSpec` is in `v1alpha1_serving_runtime_spec.py`. */
const snakeCase = (type: string): string =>
  type
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

function dictionary(source: string, name: string): Map<string, string> {
  const [, body = ''] = new RegExp(`^ {4}${name} = \\{(.*?)^ {4}\\}`, 'ms').exec(source) ?? [];
  return new Map([...body.matchAll(/'(\w+)': '(.+)',?$/gm)].map(([, key = '', value = '']) => [key, value]));
}

function translate(written: string): string {
  const [, item] = /^list\[(.*)\]$/.exec(written) ?? [];
  if (item !== undefined) return `Array<${translate(item)}>`;
  const [, entry] = /^dict\(str, (.*)\)$/.exec(written) ?? [];
  if (entry !== undefined) return `{ [key: string]: ${translate(entry)}; }`;
  return pythonTypes[written] ?? written;
}
