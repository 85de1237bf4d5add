import type { Failure, Task } from '@portico/schemas';
import { sessionCreator, Stopwatch } from '../engine/sessions.ts';
import type { LoadContext, Model, ModelInput, ModelOutput } from '../model/define-model.ts';
import type { RegisteredModel } from '../model/register-model.ts';
import type { CreateSession, Session, SessionSignature } from '../model/session.ts';
import { Tensor } from '../model/tensor.ts';
import { installedPath } from '../weights/resolve-weights.ts';

// ONNX Runtime reads it when it creates its first session.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** A model that is loaded in this process. */
export interface LoadedModel<T extends Task = Task> {
  /** One output or failure for each input, in the same order. The signal is never aborted unless one is given. */
  run(
    inputs: readonly ModelInput<T>[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly (ModelOutput<T> | Failure)[]>;
}

export interface LoadModelOptions<T extends Task, Loaded> {
  readonly model: Model<T, Loaded>;
  /** Its weights come with the install, or `context.weights` says where they are. */
  readonly registered: RegisteredModel<T>;
  /** @default the first */
  readonly variant?: string;
  /** What the model gets instead of a session on one CPU thread and so on. */
  readonly context?: Partial<LoadContext>;
}

/** Loads an ONNX file on one CPU thread of this process, and refuses it when it lacks a tensor of the signature. */
export const createSession = sessionCreator({ device: 'cpu', index: 0, threads: 1, stopwatch: new Stopwatch() });

/** Sessions that run a function in place of their file, whatever their signature. */
export const sessionsThatRun =
  (run: Session['run']): CreateSession =>
  async <Signature extends SessionSignature>() =>
    ({ run }) as unknown as Session<Signature>;

/** Loads a model on the CPU of this process, as an engine does. */
export async function loadModel<T extends Task, Loaded>({
  model,
  registered,
  variant = Object.keys(registered.settings.variants)[0] ?? '',
  context = {},
}: LoadModelOptions<T, Loaded>): Promise<LoadedModel<T>> {
  const loaded = await model.load({
    variant,
    weights: context.weights ?? installedWeights(registered, variant),
    device: 'cpu',
    createSession,
    Tensor,
    maxImagePixels: 50e6,
    maxRecordingSeconds: 14_400,
    ...context,
  });
  return {
    run: (inputs, { signal = new AbortController().signal } = {}) => model.run(inputs, { loaded, signal }),
  };
}

/**
 * Paths of a variant's weights by their names.
 * @throws {TypeError} when one of them does not come with the install.
 */
export function installedWeights({ settings, module }: RegisteredModel, variant: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings.variants[variant]?.weights ?? {}).map(([name, file]) => {
      if (file.kind === 'npm' || file.kind === 'local') return [name, installedPath(file, module)];
      throw new TypeError(`The weights "${name}" do not come with the install.`);
    }),
  );
}

/** Sessions during whose first run the last client leaves. */
export class CancelAtFirstRun {
  readonly #client = new AbortController();
  runs = 0;

  get signal(): AbortSignal {
    return this.#client.signal;
  }

  readonly createSession: CreateSession = async (path, signature) => {
    const session = await createSession(path, signature);
    return {
      run: (feeds) => {
        this.runs += 1;
        this.#client.abort();
        return session.run(feeds);
      },
    };
  };
}
