import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Task } from '@portico/schemas';
import type { WeightsFile } from '../weights/weights-file.ts';

/** What the gateway may know of a model without loading it: plain data. */
export interface ModelSettings {
  /** Variants by name (`MODEL_NAME=faces:front`); the first is the default. */
  readonly variants: Readonly<Record<string, ModelVariant>>;
  /** Seconds a request may take, queueing included; `INFER_TIMEOUT_SECONDS` may shorten it. @default 60 */
  readonly timeoutSeconds?: number;
  /** Requests that may be pending. @default `MAX_QUEUE` */
  readonly maxQueue?: number;
  /** Engine processes. @default `REPLICAS` */
  readonly replicas?: number;
  /**
   * Inputs in one run: a number, or `measured` to let the warm-up find it. Only a model whose tensors have a batch axis
   * gains anything.
   * @default 1
   */
  readonly maxBatchSize?: number | 'measured';
  /**
   * Bytes of all inputs of one run, as they were sent; a larger input runs alone. Where runs take longer with larger inputs,
   * such as texts, a small input then never waits in one run with a large one.
   * @default no limit
   */
  readonly maxBatchBytes?: number;
  /** Mebibytes that an engine usually holds, with large inputs; the machine's memory is shared out by it. @default 768 */
  readonly memoryMegabytes?: number;
  /** A first request for newcomers: a file, or the files of a form, by their paths as seen from where the server starts, or a JSON value. */
  readonly example?:
    | { readonly file: string }
    | { readonly files: Readonly<Record<string, string>> }
    | { readonly input: unknown };
}

export interface ModelVariant {
  readonly weights: Readonly<Record<string, WeightsFile>>;
}

export interface ModelRegistration<T extends Task = Task> extends ModelSettings {
  readonly task: T;
  /**
   * The module whose default export is the model, as `new URL('./model.js', import.meta.url)`. Only engines load it. Where there
   * is no such file but one that ends in `.ts`, that one is meant.
   */
  readonly implementation: URL;
}

/** A model as the gateway sees it: its contract, its settings, and where an engine finds the code. */
export interface RegisteredModel<T extends Task = Task> {
  readonly task: T;
  readonly settings: ModelSettings;
  /** URL of the module whose default export is the model. */
  readonly module: string;
}

/** Registered models by the names of their tasks. */
export type ModelRegistry = ReadonlyMap<string, RegisteredModel>;

/**
 * Registers a model with the server. Its weights are looked for from the module that implements it: packages where that module would
 * find them, relative paths in the folder of the package it belongs to.
 */
export const registerModel = <T extends Task>({
  task,
  implementation,
  ...settings
}: ModelRegistration<T>): RegisteredModel<T> => ({ task, settings, module: moduleUrl(implementation) });

/** @throws {TypeError} when two models implement tasks of the same name. */
export function modelRegistry(models: readonly RegisteredModel[]): ModelRegistry {
  const registry = new Map<string, RegisteredModel>();
  for (const model of models) {
    const { name } = model.task;
    if (registry.has(name)) throw new TypeError(`Two models are registered for the task "${name}".`);
    registry.set(name, model);
  }
  return registry;
}

/** Compiled code and source differ in the extension alone. */
export function moduleUrl(url: URL): string {
  if (existsSync(fileURLToPath(url)) || !url.pathname.endsWith('.js')) return url.href;
  const source = new URL(url.href.replace(/\.js$/, '.ts'));
  return existsSync(fileURLToPath(source)) ? source.href : url.href;
}
