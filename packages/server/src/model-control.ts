import { Failure } from '@portico/schemas';
import type { RepositoryFile } from './config/model-repository.ts';
import { isModelName } from './config/repository-layout.ts';
import type { DispatchObserver } from './dispatch/observer.ts';
import { asSentence } from './dispatch/readiness.ts';
import {
  allTensors,
  type ModelControl,
  type Repository,
  type RepositoryEntry,
  type ServedTensors,
} from './http/gateway.ts';

/** Serves a file, whose engines begin to load when its dispatcher is started. */
export type ServeFile = (file: RepositoryFile, observer: DispatchObserver) => ServedTensors;

/** Makes room for all versions of a model, in place of those that are served of it. */
export type ServeModel = (files: readonly RepositoryFile[]) => ServeFile;

/** The repository as it is now. Its functions throw where it cannot be read, or is laid out wrongly. */
export interface RepositoryFolder {
  names(): readonly string[];
  /** The versions of a model; none where there is no such model. */
  filesOf(name: string): readonly RepositoryFile[];
}

/** What the log of loads and unloads needs; pino fits. */
export interface ControlLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

export interface ControlledRepositoryOptions {
  /** What is served; loads and unloads change it. */
  readonly models: Map<string, ReadonlyMap<string, ServedTensors>>;
  /** Undefined where nothing may be loaded or unloaded. */
  readonly folder: RepositoryFolder | undefined;
  readonly logger: ControlLogger;
  readonly serve: ServeModel;
  readonly observer: DispatchObserver;
  /** Another file is served, or one less; without one that cannot be loaded, the server may be ready. */
  readonly onChange: () => void;
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
  /** The last load of each model that has not begun, unless an unload follows it. */
  readonly #waiting = new Map<string, Promise<void>>();
  /** What is loading, and what is finishing its last requests. */
  readonly #loading = new Set<Candidate>();
  readonly #leaving = new Set<ServedTensors>();
  #isStopped = false;

  constructor(options: ControlledRepositoryOptions) {
    this.#options = options;
  }

  get control(): ModelControl | undefined {
    return this.#options.folder === undefined ? undefined : this;
  }

  index(): RepositoryEntry[] {
    const served = allTensors(this.#options.models);
    const unloading = [...this.#leaving].filter((one) => !isAmong(served, one));
    const loading = [...this.#loading].map(({ served }) => served).filter((one) => !isAmong(served, one));
    const entries = [
      ...served.map((one) => entryOf(one, stateOf(one))),
      ...loading.map((one) => entryOf(one, stateOf(one))),
      ...unloading
        .filter((one) => !isAmong(loading, one))
        .map((one) => entryOf(one, { state: 'UNLOADING', reason: '' })),
    ];
    const others = this.#names().filter((name) => !entries.some((one) => one.name === name));
    return [...entries, ...others.map(absent)].sort((one, other) => one.name.localeCompare(other.name));
  }

  /** Joins a load that waits for its turn, so many clients cause two loads at most. */
  load(name: string): Promise<void> {
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) return waiting;
    const load = this.#inTurn(name, () => {
      if (this.#waiting.get(name) === load) this.#waiting.delete(name);
      return this.#load(name);
    });
    this.#waiting.set(name, load);
    return load;
  }

  unload(name: string): Promise<void> {
    this.#waiting.delete(name);
    return this.#inTurn(name, () => this.#unload(name));
  }

  /** Ends what is loading, and loads nothing any more. */
  stopLoading(): void {
    this.#isStopped = true;
    for (const candidate of this.#loading) candidate.fail(closing);
  }

  /** Ends at once what is loading, and what is finishing its last requests. */
  stop(): void {
    this.stopLoading();
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
    const { models, logger, onChange } = this.#options;
    if (this.#isStopped) throw new Failure('NOT_READY', closing);
    const before = models.get(name) ?? new Map<string, ServedTensors>();
    const files = this.#filesOf(name);
    const serve = this.#options.serve(files);
    const candidates = files.map((file) => this.#start(file, serve));
    const details = await Promise.all(candidates.map(({ failure }) => failure));
    for (const candidate of candidates) this.#loading.delete(candidate);
    const reasons = details.flatMap((detail, index) =>
      detail === undefined ? [] : notLoaded(name, candidates[index]?.served.version, detail),
    );
    if (this.#isStopped || reasons.length > 0) {
      for (const candidate of candidates) candidate.fail(closing);
      if (this.#isStopped) throw new Failure('NOT_READY', closing);
      const text = [...reasons, whatIsServed(before)].join(' ');
      logger.warn({ model: name }, text);
      throw new Failure('BAD_INPUT', text);
    }
    models.set(name, new Map(candidates.map(({ served }) => [served.version, served])));
    onChange();
    logger.info({ model: name }, `${name}: loaded ${versionsOf(models.get(name) ?? before)}`);
    await this.#end([...before.values()]);
  }

  async #unload(name: string): Promise<void> {
    const { models, logger, onChange } = this.#options;
    const versions = models.get(name);
    if (versions === undefined) throw new Failure('NOT_FOUND', `No model "${name}" is loaded.`);
    models.delete(name);
    onChange();
    logger.info({ model: name }, `${name}: unloaded ${versionsOf(versions)}`);
    await this.#end([...versions.values()]);
  }

  /** Empty where the folder cannot be read, which a load reports. */
  #names(): readonly string[] {
    try {
      return this.#options.folder?.names() ?? [];
    } catch {
      return [];
    }
  }

  #filesOf(name: string): readonly RepositoryFile[] {
    if (!isModelName(name))
      throw new Failure(
        'NOT_FOUND',
        `The model repository has no model "${name}". A name has 1 to 100 letters, digits, ".", "_" and "-".`,
      );
    let files: readonly RepositoryFile[];
    try {
      files = this.#options.folder?.filesOf(name) ?? [];
    } catch (error) {
      throw new Failure('BAD_INPUT', asSentence(`Model ${name} does not load: ${mistakeIn(error)}`));
    }
    if (files.length > 0) return files;
    const layouts = `${name}.onnx or ${name}/<version>/model.onnx`;
    throw new Failure('NOT_FOUND', `The model repository has no model "${name}". Put it there as ${layouts}.`);
  }

  #start(file: RepositoryFile, serve: ServeFile): Candidate {
    const candidate = new Candidate((observer) => serve(file, observer), this.#options.observer);
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

/** A file until it has loaded or failed to. From then on its engines are restarted like those of any other model. */
class Candidate {
  readonly served: ServedTensors;
  /** Why it does not load; undefined once its replicas are ready. */
  readonly failure: Promise<string | undefined>;
  #settle: (detail?: string) => void = () => {};
  #isSettled = false;

  constructor(serve: (observer: DispatchObserver) => ServedTensors, observer: DispatchObserver) {
    this.failure = new Promise((resolve) => {
      this.#settle = (detail) => {
        this.#isSettled = true;
        resolve(detail);
      };
    });
    this.served = serve({
      ...observer,
      replicaReady: (...event) => {
        observer.replicaReady(...event);
        const { ready, target } = this.served.dispatcher.replicas;
        if (ready >= target) this.#settle();
      },
      restarted: (...event) => {
        observer.restarted(...event);
        if (this.#isSettled) return;
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

const isAmong = (all: readonly ServedTensors[], { name, version }: ServedTensors): boolean =>
  all.some((one) => one.name === name && one.version === version);

const entryOf = (
  { name, version }: ServedTensors,
  state: Pick<RepositoryEntry, 'state' | 'reason'>,
): RepositoryEntry => ({ name, version, ...state });

function stateOf({ dispatcher }: ServedTensors): Pick<RepositoryEntry, 'state' | 'reason'> {
  const { progress } = dispatcher;
  if (progress === undefined) return { state: 'READY', reason: '' };
  const { detail, error } = progress;
  return error === null ? { state: 'LOADING', reason: detail } : { state: 'UNAVAILABLE', reason: error };
}

const absent = (name: string): RepositoryEntry => ({
  name,
  version: '',
  state: 'UNAVAILABLE',
  reason: 'It is not loaded.',
});

const notLoaded = (name: string, version: string | undefined, detail: string): string =>
  asSentence(`Version ${version} of model ${name} does not load: ${detail}`);

function whatIsServed(versions: ReadonlyMap<string, ServedTensors>): string {
  const ready = new Map([...versions].filter(([, { dispatcher }]) => dispatcher.ready));
  return ready.size === 0 ? 'No version of it is served.' : `Still served: ${versionsOf(ready)}.`;
}

const versionsOf = (versions: ReadonlyMap<string, ServedTensors>): string =>
  `${versions.size === 1 ? 'version' : 'versions'} ${[...versions.keys()].join(', ')}`;

function mistakeIn(error: unknown): string {
  const { message, code, path } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `${path} cannot be read (${code})`;
}
