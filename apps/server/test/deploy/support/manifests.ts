import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

export const deployFolder = fileURLToPath(new URL('../../../../../deploy', import.meta.url));

/** Any object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** What a `kustomization.yaml` of this repository may say. A component changes what others render. */
const Kustomization = z.strictObject({
  apiVersion: z.enum(['kustomize.config.k8s.io/v1beta1', 'kustomize.config.k8s.io/v1alpha1']),
  kind: z.enum(['Kustomization', 'Component']),
  resources: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
  patches: z.array(z.strictObject({ path: z.string() })).default([]),
  images: z
    .array(z.strictObject({ name: z.string(), newName: z.string().optional(), newTag: z.string().optional() }))
    .default([]),
});

export interface Kustomized {
  /** Whole objects, those of the folders that it names included. */
  readonly resources: readonly Manifest[];
  /** Parts of objects, of this folder and its components. */
  readonly patches: readonly Manifest[];
  /** Files of these folders that no kustomization names. */
  readonly forgotten: readonly string[];
}

/** Folders below `deploy` that kustomize renders. */
export const kustomizedFolders = (): string[] =>
  readdirSync(deployFolder, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) => path.endsWith('kustomization.yaml') && parseOne(join(deployFolder, path)).kind === 'Kustomization',
    )
    .map((path) => join(path, '..'))
    .sort();

/** Reads what a kustomization names, without applying its patches. */
export function readKustomized(folder: string): Kustomized {
  const path = resolve(deployFolder, folder);
  const { resources, components, patches } = Kustomization.parse(parseOne(join(path, 'kustomization.yaml')));
  const files = resources.filter((name) => name.endsWith('.yaml'));
  const below = resources.filter((name) => !name.endsWith('.yaml'));
  const named = new Set(['kustomization.yaml', ...files, ...patches.map((patch) => patch.path)]);
  const at = (name: string): Kustomized => readKustomized(relative(deployFolder, join(path, name)));
  const added = components.map(at);
  return {
    resources: [
      ...below.flatMap((name) => at(name).resources),
      ...files.flatMap((name) => readManifests(join(path, name))),
      ...added.flatMap((component) => component.resources),
    ],
    patches: [
      ...patches.flatMap((patch) => readManifests(join(path, patch.path))),
      ...added.flatMap((component) => component.patches),
    ],
    forgotten: [
      ...readdirSync(path).filter((name) => !named.has(name)),
      ...added.flatMap((component) => component.forgotten),
    ],
  };
}

const readManifests = (path: string): Manifest[] => parseManifests(readFileSync(path, 'utf8'));

/** A key that is there twice is an error. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as Manifest;
  });
}

function parseOne(path: string): Manifest {
  const [only, ...others] = readManifests(path);
  if (others.length > 0) throw new Error(`${path} has several documents`);
  if (only === undefined) throw new Error(`${path} is empty`);
  return only;
}
