import { Failure } from '@portico/schemas';
import type { FastifyRequest } from 'fastify';
import { findTensors, type Served, type ServedModel, type ServedTensors } from '../gateway.ts';
import type { ServedOf } from '../v2/routes.ts';

/** A task, or an ONNX file in its newest version. */
export type PlatformModel =
  | { readonly kind: 'task'; readonly name: string; readonly model: ServedModel }
  | { readonly kind: 'tensors'; readonly name: string; readonly servedOf: ServedOf };

/** Every model under its name. A task comes before a file of the same name. */
export function platformModels({ models, tensors }: Served): ReadonlyMap<string, PlatformModel> {
  const files = [...tensors.keys()].map((name): [string, PlatformModel] => {
    const servedOf = (_request: FastifyRequest): ServedTensors => findTensors(tensors, name, undefined);
    return [name, { kind: 'tensors', name, servedOf }];
  });
  const tasks = [...models].map(([name, model]): [string, PlatformModel] => [name, { kind: 'task', name, model }]);
  return new Map([...files, ...tasks]);
}

/** The model for requests that name none: the only one that is served, or else a failure that says how to serve only one. */
export function soleModel(served: Served): PlatformModel | Failure {
  const all = platformModels(served);
  const [only, ...others] = all.values();
  const files = served.tensors.size;
  if (only !== undefined && others.length === 0 && files + served.models.size === 1) return only;
  const remedy =
    'Set MODEL_NAME to one task; or set MODEL_NAME to nothing, and MODEL_REPOSITORY to one ONNX file, as NAME=PATH.';
  const names = [...all.keys()].join(', ');
  return new Failure(
    'NOT_FOUND',
    all.size === 0
      ? `No model is configured. ${remedy}`
      : `A request to this route names no model, and this server has several: ${names}. ${remedy}`,
  );
}
