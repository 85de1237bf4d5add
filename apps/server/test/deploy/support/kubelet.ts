import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { V1Container, V1PodSpec, V1Probe } from '@kubernetes/client-node';
import type { ServerProcess } from '../../harness/server-process.ts';

// What a kubelet does with a pod of one container, for a real process instead of a container: it starts it, probes it, restarts it
// and ends it, as the pod's spec says.

/** The shortest time between SIGTERM and SIGKILL, however long preStop took. */
const minGraceSeconds = 2;

export interface PodOptions {
  readonly spec: V1PodSpec;
  readonly launch: () => Promise<ServerProcess>;
  /** Milliseconds that stand for a second of the spec. @default 1000 */
  readonly secondMs?: number;
  /** Called when it has become ready, or ceased to be. */
  readonly changed?: () => void;
}

export class Pod implements AsyncDisposable {
  /** What happened, with the second of the spec at which it did. */
  readonly events: string[] = [];
  /** Codes and signals with which its containers ended. */
  readonly exits: (number | NodeJS.Signals | null)[] = [];
  restarts = 0;
  readonly #options: PodOptions;
  readonly #container: V1Container;
  readonly #createdAt = performance.now();
  #containerStartedAt = 0;
  #server: ServerProcess | undefined;
  #ready = false;
  #deleted = false;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: PodOptions) {
    const [container] = options.spec.containers;
    if (container === undefined) throw new Error('the pod has no container');
    this.#options = options;
    this.#container = container;
  }

  get ready(): boolean {
    return this.#ready && !this.#deleted;
  }

  get server(): ServerProcess {
    if (this.#server === undefined) throw new Error('the pod has not been started');
    return this.#server;
  }

  async start(): Promise<void> {
    this.#note('start');
    this.#containerStartedAt = performance.now();
    const life = new AbortController();
    const server = await this.#options.launch();
    this.#server = server;
    if (this.#deleted) return server[Symbol.asyncDispose]();
    this.#ended = this.#afterExit(server, life);
    void this.#watch(life.signal);
  }

  /** A container that has ended is started again, unless its pod is deleted. */
  async #afterExit({ child }: ServerProcess, life: AbortController): Promise<void> {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    life.abort();
    this.exits.push(signal ?? code);
    this.#note(`exit ${signal ?? code}`);
    this.#setReady(false);
    if (this.#deleted) return;
    this.restarts += 1;
    await this.start();
  }

  /** Endpoints lose the pod now; preStop, SIGTERM and in the end SIGKILL come beside that. */
  async delete(): Promise<void> {
    this.#deleted = true;
    this.#options.changed?.();
    await this.#end(this.#graceSeconds());
    await this.#ended;
  }

  /** Ends it without a kubelet, as the test ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#deleted = true;
    await this.#server?.[Symbol.asyncDispose]();
  }

  async #end(graceSeconds: number): Promise<void> {
    const { child } = this.server;
    const ended = once(child, 'exit');
    const preStopSeconds = Math.min(this.#container.lifecycle?.preStop?.sleep?.seconds ?? 0, graceSeconds);
    this.#note('preStop');
    await Promise.race([ended, this.#seconds(preStopSeconds)]);
    this.#note('SIGTERM');
    child.kill('SIGTERM');
    await Promise.race([ended, this.#seconds(Math.max(minGraceSeconds, graceSeconds - preStopSeconds))]);
    if (child.exitCode !== null || child.signalCode !== null) return;
    this.#note('SIGKILL');
    child.kill('SIGKILL');
    await ended;
  }

  /** Until the startup probe passes, no other is sent. */
  async #watch(life: AbortSignal): Promise<void> {
    const { startupProbe } = this.#container;
    for await (const passes of this.#verdicts(startupProbe, life)) {
      if (passes) break;
      this.#note('the startup probe failed');
      return this.#end(this.#graceSeconds(startupProbe));
    }
    if (life.aborted) return;
    this.#note('started');
    await Promise.all([this.#watchReadiness(life), this.#watchLiveness(life)]);
  }

  async #watchReadiness(life: AbortSignal): Promise<void> {
    for await (const passes of this.#verdicts(this.#container.readinessProbe, life)) this.#setReady(passes);
  }

  async #watchLiveness(life: AbortSignal): Promise<void> {
    const { livenessProbe } = this.#container;
    for await (const passes of this.#verdicts(livenessProbe, life)) {
      if (passes || this.#deleted) continue;
      this.#note('the liveness probe failed');
      this.#setReady(false);
      return this.#end(this.#graceSeconds(livenessProbe));
    }
  }

  #graceSeconds(probe?: V1Probe): number {
    return probe?.terminationGracePeriodSeconds ?? this.#options.spec.terminationGracePeriodSeconds ?? 30;
  }

  /** Each time that as many probes in a row as the threshold says have passed or failed. */
  async *#verdicts(probe: V1Probe | undefined, life: AbortSignal): AsyncGenerator<boolean> {
    if (probe === undefined) return;
    const { initialDelaySeconds = 0, periodSeconds = 10, timeoutSeconds = 1 } = probe;
    const { failureThreshold = 3, successThreshold = 1, httpGet } = probe;
    let passed = 0;
    let failed = 0;
    await this.#seconds(initialDelaySeconds - this.#secondsSince(this.#containerStartedAt));
    while (!life.aborted) {
      const sentAt = performance.now();
      const passes = await answersWell(this.server.port, httpGet?.path ?? '/', timeoutSeconds * this.#secondMs);
      if (life.aborted) return;
      passed = passes ? passed + 1 : 0;
      failed = passes ? 0 : failed + 1;
      if (passed >= successThreshold) yield true;
      if (failed >= failureThreshold) yield false;
      // A period is counted from one probe to the next.
      await this.#seconds(periodSeconds - this.#secondsSince(sentAt));
    }
  }

  #setReady(ready: boolean): void {
    if (this.#ready === ready) return;
    this.#ready = ready;
    this.#note(ready ? 'ready' : 'not ready');
    this.#options.changed?.();
  }

  get #secondMs(): number {
    return this.#options.secondMs ?? 1_000;
  }

  #secondsSince(then: number): number {
    return (performance.now() - then) / this.#secondMs;
  }

  #seconds(seconds: number): Promise<void> {
    return sleep(Math.max(0, seconds) * this.#secondMs);
  }

  #note(event: string): void {
    this.events.push(`${this.#secondsSince(this.#createdAt).toFixed(1)} ${event}`);
  }
}

/** Each probe has a connection of its own. */
const answersWell = (port: number, path: string, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, ({ statusCode = 0 }) => {
      resolve(statusCode >= 200 && statusCode < 400);
      request.destroy();
    });
    const timer = setTimeout(() => request.destroy(), timeoutMs);
    request.on('error', () => {});
    request.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
