import { Failure } from '@portico/schemas';
import { filesOfModel, modelNames, type RepositoryFile } from './config/model-repository.ts';
import type { DispatchObserver } from './dispatch/observer.ts';
import {
  allTensors,
  type ModelControl,
  type Repository,
  type RepositoryEntry,
  type ServedTensors,
} from './http/gateway.ts';

/** Serves a file, whose engines begin to load when its dispatcher is started. */
export type ServeFile = (file: RepositoryFile, observer: DispatchObserver) => ServedTensors;

export interface ControlledRepositoryOptions {
  /** What is served; loads and unloads change it. */
  readonly models: Map<string, ReadonlyMap<string, ServedTensors>>;
  /** As `MODEL_REPOSITORY` has it; undefined where nothing may be loaded or unloaded. */
  readonly path: string | undefined;
  readonly serve: ServeFile;
  readonly observer: DispatchObserver;
}

const closing = 'The server is shutting down.';

/**
 * The files of the model repository, which requests may load and unload. A file takes the place of another once all of its
 * replicas are ready, with a dispatcher of its own: requests that have begun end with the file that they began with.
 */
export class ControlledRepository implements Repository, ModelControl {
  readonly #options: ControlledRepositoryOptions;
  /** The last load or unload of each model that is not over. */
  readonly #last = new Map<string, Promise<unknown>>();
  /** What is loading, and what only finishes its requests. */
  readonly #loading = new Set<Candidate>();
  readonly #leaving = new Set<ServedTensors>();
  #isStopped = false;

  constructor(options: ControlledRepositoryOptions) {
    this.#options = options;
  }

  get control(): ModelControl | undefined {
    return this.#options.path === undefined ? undefined : this;
  }

  index(): RepositoryEntry[] {
    const { models, path } = this.#options;
    const served = [...allTensors(models), ...this.#leaving];
    const loading = [...this.#loading].map(({ served }) => served);
    const entries = [
      ...allTensors(models).map(entryOf),
      ...loading.filter((one) => !isAmong(served, one)).map((one) => ({ ...keyOf(one), ...loadingState(one) })),
      ...[...this.#leaving]
        .filter((one) => !isAmong(allTensors(models), one))
        .map((one) => ({ ...keyOf(one), state: 'UNLOADING' as const, reason: '' })),
    ];
    const others =
      path === undefined ? [] : modelNames(path).filter((name) => !entries.some((one) => one.name === name));
    return [...entries, ...others.map(absent)].sort((one, other) => one.name.localeCompare(other.name));
  }

  load(name: string): Promise<void> {
    return this.#inTurn(name, () => this.#load(name));
  }

  unload(name: string): Promise<void> {
    return this.#inTurn(name, () => this.#unload(name));
  }

  /** Ends what is loading, and what only finishes its requests, at once. */
  stop(): void {
    this.#isStopped = true;
    for (const candidate of this.#loading) candidate.fail(closing);
    for (const { dispatcher } of this.#leaving) dispatcher.stop();
  }

  /** One after another for each model. */
  #inTurn(name: string, change: () => Promise<void>): Promise<void> {
    const done = (this.#last.get(name) ?? Promise.resolve()).then(change);
    const settled = Promise.allSettled([done]).finally(() => {
      if (this.#last.get(name) === settled) this.#last.delete(name);
    });
    this.#last.set(name, settled);
    return done;
  }

  async #load(name: string): Promise<void> {
    const { models } = this.#options;
    const before = models.get(name) ?? new Map<string, ServedTensors>();
    const candidates = this.#filesOf(name).map((file) => this.#start(file));
    const failures = (await Promise.all(candidates.map(({ failure }) => failure))).flatMap((detail, index) =>
      detail === undefined
        ? []
        : `Version ${candidates[index]?.served.version} of model ${name} does not load: ${detail}`,
    );
    for (const candidate of candidates) this.#loading.delete(candidate);
    if (this.#isStopped || failures.length > 0) {
      for (const { served } of candidates) served.dispatcher.stop();
      if (this.#isStopped) throw new Failure('NOT_READY', closing);
      throw new Failure('BAD_INPUT', [...failures, whatIsServed(before)].join(' '));
    }
    models.set(name, new Map(candidates.map(({ served }) => [served.version, served])));
    await this.#end([...before.values()]);
  }

  async #unload(name: string): Promise<void> {
    const { models } = this.#options;
    const versions = models.get(name);
    if (versions === undefined) throw new Failure('NOT_FOUND', `No model "${name}" is loaded.`);
    models.delete(name);
    await this.#end([...versions.values()]);
  }

  #filesOf(name: string): RepositoryFile[] {
    let files: RepositoryFile[];
    try {
      files = filesOfModel(this.#options.path ?? '', name);
    } catch (error) {
      throw new Failure('BAD_INPUT', `Model ${name} does not load: ${mistakeIn(error)}.`);
    }
    if (files.length > 0) return files;
    const layouts = `${name}.onnx or ${name}/<version>/model.onnx`;
    throw new Failure('NOT_FOUND', `The model repository has no model "${name}". Put it there as ${layouts}.`);
  }

  #start(file: RepositoryFile): Candidate {
    const candidate = new Candidate(file, this.#options);
    this.#loading.add(candidate);
    candidate.served.dispatcher.start();
    return candidate;
  }

  /** Ends these versions when the requests that are using them are done. */
  async #end(versions: readonly ServedTensors[]): Promise<void> {
    await Promise.all(
      versions.map(async (served) => {
        this.#leaving.add(served);
        await served.holds.none();
        served.dispatcher.stop();
        await served.dispatcher.ended();
        this.#leaving.delete(served);
      }),
    );
  }
}

/** A file until it has loaded. */
class Candidate {
  readonly served: ServedTensors;
  /** Why it does not load; undefined once its replicas are ready. */
  readonly failure: Promise<string | undefined>;
  #settle: (detail?: string) => void = () => {};

  constructor(file: RepositoryFile, { serve, observer }: ControlledRepositoryOptions) {
    this.failure = new Promise((resolve) => (this.#settle = resolve));
    this.served = serve(file, {
      ...observer,
      replicaReady: (...event) => {
        observer.replicaReady(...event);
        const { ready, target } = this.served.dispatcher.replicas;
        if (ready >= target) this.#settle();
      },
      restarted: (...event) => {
        observer.restarted(...event);
        const [, , detail] = event;
        // Where some are ready, the others may find room once those of the file before are gone.
        if (this.served.dispatcher.replicas.ready > 0) this.#settle();
        else this.fail(detail);
      },
    });
  }

  fail(detail: string): void {
    this.served.dispatcher.stop();
    this.#settle(detail);
  }
}

const keyOf = ({ name, version }: ServedTensors) => ({ name, version });

const isAmong = (all: readonly ServedTensors[], { name, version }: ServedTensors): boolean =>
  all.some((one) => one.name === name && one.version === version);

function entryOf(served: ServedTensors): RepositoryEntry {
  return { ...keyOf(served), ...(served.dispatcher.ready ? { state: 'READY', reason: '' } : loadingState(served)) };
}

function loadingState({ dispatcher }: ServedTensors): Pick<RepositoryEntry, 'state' | 'reason'> {
  const { progress } = dispatcher;
  if (progress === undefined) return { state: 'LOADING', reason: '' };
  return progress.error === null
    ? { state: 'LOADING', reason: progress.detail }
    : { state: 'UNAVAILABLE', reason: progress.error };
}

const absent = (name: string): RepositoryEntry => ({
  name,
  version: '',
  state: 'UNAVAILABLE',
  reason: 'It is not loaded.',
});

function whatIsServed(versions: ReadonlyMap<string, ServedTensors>): string {
  const ready = [...versions.values()].filter(({ dispatcher }) => dispatcher.ready).map(({ version }) => version);
  if (ready.length === 0) return 'Nothing of it is served.';
  return `What was loaded before goes on serving: version ${ready.join(', ')}.`;
}

function mistakeIn(error: unknown): string {
  const { message, code, path } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `${path} cannot be read (${code})`;
}
