import type { Model, ServerState } from '../connection/connection.tsx';

/** One version of a served ONNX file, as the server describes it. */
export type TensorModel = Extract<Model, { kind: 'tensors' }>;

/** The served versions of a file, the newest first; versions are whole numbers. */
export const versionsOf = (state: ServerState, name: string): readonly TensorModel[] =>
  state.models
    .filter((model): model is TensorModel => model.kind === 'tensors' && model.name === name)
    .sort((some, other) => Number(other.version) - Number(some.version));

/** The newest version of each served file. */
export const tensorModelsOf = (state: ServerState): readonly TensorModel[] => {
  const names = new Set(state.models.filter(({ kind }) => kind === 'tensors').map(({ name }) => name));
  return [...names].map((name) => versionsOf(state, name)[0]!);
};
