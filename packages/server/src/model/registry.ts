import type { Task } from '@portico/schemas';
import type { ModelSettings } from './model.ts';

/** A registered model as the gateway sees it: its contract, its settings, and where an engine finds the code. */
export interface RegisteredModel {
  readonly task: Task;
  readonly settings: ModelSettings;
  /** URL of the module whose default export is the `Model`; only engines import it. */
  readonly module: string;
}

export type ModelRegistry = Readonly<Record<string, RegisteredModel>>;

/** Whether rows of several clients may run together. */
export type TensorVariant = 'joined' | 'single';

/** Where an engine finds the code for an ONNX file that is served as it is. */
export const tensorsModule: string = moduleUrl('../engine/onnx-file/index', import.meta.url);

/** Registers a model; `module` is relative to `base`, and its extension is that of the running code (`.ts` or `.js`). */
export function register(task: Task, settings: ModelSettings, module: string, base: string): RegisteredModel {
  return { task, settings, module: moduleUrl(module, base) };
}

function moduleUrl(module: string, base: string): string {
  const extension = base.slice(base.lastIndexOf('.'));
  return new URL(`${module}${extension}`, base).href;
}
