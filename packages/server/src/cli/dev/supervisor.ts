import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onStopSignal } from '../../signals.ts';
import type { Project } from '../project.ts';
import { watchFiles } from '../watch-files.ts';
import type { DevelopedModel, GatewayMessage, ReloadMessage } from './messages.ts';
import { type ModuleGraph, openModuleGraphs } from './module-graph.ts';

/** Restarts and reloads are what matters here, not throughput. */
const environment = { REPLICAS: '1', DRAIN_SECONDS: '0' };

/** A gateway that does not exit in this time is ended. */
const exitMs = 10_000;

/** Source that no module imports, and text: tests, guides. Anything else in the folder of a model may be read by it. */
const harmless = /\.([cm]?[jt]sx?|md|lock|log)$/;

const here = (name: string): string =>
  fileURLToPath(new URL(`${name}${extname(fileURLToPath(import.meta.url))}`, import.meta.url));

/** Runs the gateway of a project in a process of its own, and reloads what changes. */
export class Supervisor {
  readonly #project: Project;
  #graphOf!: (entries: readonly string[]) => Promise<ModuleGraph>;
  #child: ChildProcess | undefined;
  #models: readonly DevelopedModel[] = [];
  /** Modules of the gateway, and those of each model, as they were when they last could be found. */
  #gatewayFiles: ReadonlySet<string> = new Set();
  readonly #modelFiles = new Map<string, ReadonlySet<string>>();
  /** Paths that have changed since the last reload began. */
  #changed = new Set<string>();
  #working = false;
  #stopping = false;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Serves until a stop signal. */
  async run(): Promise<void> {
    const { folder } = this.#project;
    this.#graphOf = await openModuleGraphs(folder);
    const ended = new Promise<void>((resolve) =>
      onStopSignal((signal) => {
        this.#stopping = true;
        stopWatching();
        void this.#stopChild(signal).then(resolve);
      }),
    );
    const stopWatching = watchFiles(folder, (paths) => {
      for (const path of paths) this.#changed.add(path);
      void this.#work();
    });
    this.#startChild();
    await this.#findFiles();
    await ended;
    process.exit(0);
  }

  /** One change after the other; what changes meanwhile comes next. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    while (this.#changed.size > 0 && !this.#stopping) {
      const paths = this.#changed;
      this.#changed = new Set();
      await this.#reloadFor(paths);
    }
    this.#working = false;
  }

  async #reloadFor(paths: ReadonlySet<string>): Promise<void> {
    const before = { gateway: this.#gatewayFiles, models: new Map(this.#modelFiles) };
    const error = await this.#findFiles();
    const touches = (...graphs: readonly (ReadonlySet<string> | undefined)[]): boolean =>
      [...paths].some((path) => graphs.some((files) => files?.has(path)));
    const restarts =
      this.#child === undefined ||
      touches(before.gateway, this.#gatewayFiles) ||
      [...paths].some((path) => this.#mayBeRead(path));
    const models = this.#models.filter(({ name }) => touches(before.models.get(name), this.#modelFiles.get(name)));
    if (!restarts && models.length === 0) return;
    if (error !== undefined) return tell(`${error}\n${this.#goesOn()}`);
    if (restarts) return this.#restart();
    for (const { name } of models) await this.#reload(name);
  }

  /** Finds which modules belong to the gateway and to each model; returns what keeps that from being known. */
  async #findFiles(): Promise<string | undefined> {
    const { models, main } = this.#project;
    const gateway = await this.#graphOf([models, main].filter((path) => path !== undefined));
    if ('error' in gateway) return gateway.error;
    this.#gatewayFiles = gateway.files;
    const errors: string[] = [];
    for (const { name, path } of this.#models) {
      const graph = await this.#graphOf([path]);
      if ('error' in graph) errors.push(graph.error);
      else this.#modelFiles.set(name, graph.files);
    }
    return errors.length === 0 ? undefined : errors.join('\n');
  }

  /** It is no module: weights, labels, a vocabulary, or what package.json says. */
  #mayBeRead(path: string): boolean {
    const { folder } = this.#project;
    if (path === join(folder, 'package.json') || extname(path) === '.onnx') return true;
    const inModel = this.#models.some((model) => path.startsWith(`${dirname(model.path)}${sep}`));
    return inModel && extname(path) !== '' && !harmless.test(path);
  }

  #goesOn(): string {
    return this.#child === undefined ? 'It starts again when a file is saved.' : 'What was served before goes on.';
  }

  async #restart(): Promise<void> {
    const check = fork(here('./check'), [this.#project.folder], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [code] = (await once(check, 'exit')) as [number | null];
    if (code !== 0) return tell(this.#goesOn());
    tell('The server starts again.');
    await this.#stopChild('SIGTERM');
    if (this.#stopping) return;
    this.#startChild();
  }

  async #reload(model: string): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const answer = new Promise<void>((resolve) => {
      const onMessage = (message: unknown): void => {
        const reloaded = message as GatewayMessage;
        if (reloaded.type !== 'reloaded' || reloaded.model !== model) return;
        const { detail, milliseconds } = reloaded;
        tell(
          detail === undefined
            ? `${model} has been reloaded in ${(milliseconds / 1_000).toFixed(1)} s.`
            : `${model} does not load: ${detail}\n${this.#goesOn()}`,
        );
        settle();
      };
      const settle = (): void => {
        child.off('message', onMessage).off('exit', settle);
        resolve();
      };
      child.on('message', onMessage).on('exit', settle);
    });
    child.send({ type: 'reload', model } satisfies ReloadMessage);
    await answer;
  }

  #startChild(): void {
    const child = fork(here('./gateway'), [this.#project.folder], { env: { ...environment, ...process.env } });
    this.#child = child;
    child.on('message', (message: GatewayMessage) => {
      if (message.type !== 'models') return;
      this.#models = message.models;
      void this.#findFiles();
    });
    child.on('exit', () => {
      if (this.#child !== child) return;
      this.#child = undefined;
      if (!this.#stopping) tell('The server has ended. It starts again when a file is saved.');
    });
  }

  async #stopChild(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const exited = once(child, 'exit');
    // A terminal sends Ctrl-C to both; the second signal would end it in the middle.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), exitMs);
    await exited;
    clearTimeout(timer);
  }
}

const tell = (text: string): void => void process.stderr.write(`${text.replace(/\n*$/, '')}\n`);
