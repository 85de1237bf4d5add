import { isFailure } from '@portico/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelOf, type RepositoryFile } from './config/model-repository.ts';
import { ModelDispatcher } from './dispatch/dispatcher.ts';
import type { Outcome } from './dispatch/engine.ts';
import { LaunchGate } from './dispatch/launch-gate.ts';
import type { DispatchObserver } from './dispatch/observer.ts';
import { FakeClock } from './dispatch/testing/fake-clock.ts';
import { FakeEngine } from './dispatch/testing/fake-engine.ts';
import { now, settle, silentObserver } from './dispatch/testing/harness.ts';
import { findTensors, type ServedTensors } from './http/gateway.ts';
import { Holds } from './http/holds.ts';
import { ControlledRepository } from './model-control.ts';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 150);
const times = { decode: 1, inference: 1, postprocess: 1 };

/** What is in a file: a number that no other file has, and whether it loads. */
interface Content {
  readonly id: number;
  readonly isGood: boolean;
}

/** A repository with fake engines, which say what is in the file that they have loaded. */
class World {
  readonly models = new Map<string, ReadonlyMap<string, ServedTensors>>();
  readonly repository: ControlledRepository;
  readonly engines: { readonly engine: FakeEngine; readonly content: Content }[] = [];
  readonly lines: string[] = [];
  /** What was served of all models after each change. */
  readonly served: number[][] = [];
  /** Of each request the answer that it should get, and the one that it got. */
  readonly requests: { readonly expected: string; answer?: string }[] = [];
  /** Loads and unloads: undefined until they are over, empty if they are done, else why not. */
  readonly changes: { readonly result: Promise<string>; outcome?: string }[] = [];
  /** What should be served of each model: what its last load that was done has found. */
  readonly expected = new Map<string, readonly number[]>();
  readonly #files = new Map<string, Map<string, Content>>();
  readonly #found = new Map<string, readonly number[]>();
  readonly #contents = new Map<ServedTensors, Content>();
  readonly #clock = new FakeClock();
  readonly #replicas: number;
  #nextId = 1;

  constructor(replicas = 1) {
    this.#replicas = replicas;
    const line = (_fields: object, text: string): void => void this.lines.push(text);
    this.repository = new ControlledRepository({
      models: this.models,
      folder: { names: () => [...this.#files.keys()], filesOf: (name) => this.#filesOf(name) },
      logger: { info: line, warn: line },
      observer: silentObserver,
      onChange: () => this.served.push([...this.models.keys()].flatMap((name) => this.contents(name))),
      serve: () => (file, observer) => this.#serve(file, observer),
    });
  }

  write(name: string, version = '1', isGood = true): number {
    const id = this.#nextId++;
    const versions = this.#files.get(name) ?? new Map<string, Content>();
    this.#files.set(name, versions.set(version, { id, isGood }));
    return id;
  }

  remove(name: string, version: string): void {
    this.#files.get(name)?.delete(version);
  }

  load(name: string): Promise<string> {
    return this.#note(this.repository.load(name), () => this.expected.set(name, this.#found.get(name) ?? []));
  }

  unload(name: string): Promise<string> {
    return this.#note(this.repository.unload(name), () => this.expected.delete(name));
  }

  /** Asks the newest version, as a route does: what is found is held, and a while later an engine gets it. */
  ask(name: string, client = new AbortController()): void {
    if (!this.models.has(name)) return;
    const served = findTensors(this.models, name, undefined);
    const text = `request ${this.requests.length}`;
    const request: World['requests'][number] = { expected: `${text} by ${this.#contents.get(served)?.id}` };
    this.requests.push(request);
    const options = { client: 'someone', timeoutMs: 60_000, signal: client.signal };
    const answer = served.holds.during(async () => {
      await settle();
      const { bytes } = await served.dispatcher.submit(
        { bytes: Buffer.from(text), mediaType: null, params: {} },
        options,
      );
      return Buffer.from(bytes).toString();
    });
    void answer.then(
      (text) => (request.answer = text),
      (error: unknown) => (request.answer = isFailure(error) ? error.code : String(error)),
    );
  }

  /** An engine does the next thing that it would do by itself. */
  proceed({ engine, content }: World['engines'][number]): void {
    if (!engine.alive) return;
    if (engine.ready)
      engine.finish((input): Outcome => {
        const text = `${Buffer.from(input.bytes).toString()} by ${content.id}`;
        return { ok: true, bytes: Buffer.from(text), times };
      });
    else if (content.isGood) engine.becomeReady();
    else engine.failToLoad('It is broken.');
  }

  /** Until nothing happens any more. */
  async rest(): Promise<void> {
    for (let round = 0; round < 50; round += 1) {
      for (const one of this.engines) this.proceed(one);
      await settle();
    }
  }

  get alive(): { readonly engine: FakeEngine; readonly content: Content }[] {
    return this.engines.filter(({ engine }) => engine.alive);
  }

  /** What is in the files that are served of a model. */
  contents(name: string): number[] {
    return [...(this.models.get(name)?.values() ?? [])].map((served) => this.#contents.get(served)?.id ?? 0);
  }

  #note(change: Promise<void>, onDone: () => void): Promise<string> {
    const result = change.then(
      () => {
        onDone();
        return '';
      },
      (error: unknown) => (isFailure(error) ? error.message : String(error)),
    );
    const noted: World['changes'][number] = { result };
    void result.then((outcome) => (noted.outcome = outcome));
    this.changes.push(noted);
    return result;
  }

  #filesOf(name: string): RepositoryFile[] {
    const files = [...(this.#files.get(name) ?? [])].sort(([one], [other]) => Number(one) - Number(other));
    this.#found.set(
      name,
      files.map(([, { id }]) => id),
    );
    return files.map(([version]) => ({ name, version, path: '' }));
  }

  #serve(file: RepositoryFile, observer: DispatchObserver): ServedTensors {
    const content = this.#files.get(file.name)?.get(file.version);
    if (content === undefined) throw new Error('There is no such file.');
    const dispatcher = new ModelDispatcher({
      model: labelOf(file),
      replicasOn: () => this.#replicas,
      gate: new LaunchGate(this.#clock, Infinity),
      maxQueue: 1_000,
      limits: { runMs: 60_000, loadMs: 180_000, memory: { softBytes: 800, hardBytes: 1_000 } },
      clock: this.#clock,
      observer,
      launch: (listener) => {
        const engine = new FakeEngine(listener, []);
        this.engines.push({ engine, content });
        return engine;
      },
    });
    const served = { ...file, weights: [], dispatcher, timeoutMs: 60_000, holds: new Holds() };
    this.#contents.set(served, content);
    return served;
  }
}

const inOrder = (one: number, other: number): number => one - other;
/** What is in the files that engines have loaded. */
const ids = ({ alive }: World): number[] => alive.map(({ content }) => content.id).sort(inOrder);

describe('a model of the repository', () => {
  it('is replaced when every new replica is ready, and the old ones go when their requests are done', async () => {
    const world = new World(2);
    world.write('a');
    void world.load('a');
    await world.rest();
    world.ask('a');
    await settle();

    const second = world.write('a');
    const loaded = world.load('a');
    await settle();
    const [first, next] = world.engines.slice(2);
    if (first !== undefined) world.proceed(first);
    await settle();
    expect(next).toBeUndefined();
    expect(world.contents('a')).toEqual([1]);
    world.engines.slice(3).forEach((one) => world.proceed(one));
    await settle();
    expect(world.contents('a')).toEqual([second]);
    // The old one has a request.
    expect(await now(loaded)).toBeUndefined();
    expect(world.repository.index()).toEqual([{ name: 'a', version: '1', state: 'READY', reason: '' }]);
    await world.rest();
    expect(await loaded).toBe('');
    expect(world.requests).toEqual([{ expected: 'request 0 by 1', answer: 'request 0 by 1' }]);
    expect(ids(world)).toEqual([second, second]);
  });

  it('takes the place of the one before with those that are ready, where another finds no room beside it', async () => {
    const world = new World(2);
    world.write('a');
    void world.load('a');
    await world.rest();
    const second = world.write('a');
    const loaded = world.load('a');
    await settle();
    world.engines.slice(2).forEach((one) => world.proceed(one));
    world.engines.at(-1)?.engine.failToLoad('There is too little memory.');
    await world.rest();
    expect(await loaded).toBe('');
    expect(ids(world)).toEqual([second, second]);
  });

  it('loads once more for all who ask while it is loading, and again for who asks after an unload', async () => {
    const world = new World();
    world.write('a');
    const first = world.load('a');
    await settle();
    const more = [world.load('a'), world.load('a'), world.load('a')];
    const unload = world.unload('a');
    const last = [world.load('a'), world.load('a')];
    await world.rest();
    expect(await Promise.all([first, ...more, unload, ...last])).toEqual(['', '', '', '', '', '', '']);
    expect(world.engines).toHaveLength(3);
    expect(world.alive).toHaveLength(1);
  });

  it('is not looked for under what can be no name', async () => {
    const world = new World();
    for (const name of ['..', '../a', 'a\0', 'a'.repeat(101)])
      expect(await world.load(name)).toMatch(/ A name has 1 to 100 letters, digits, /);
  });

  it('is told of when it is served, and when it is no more', async () => {
    const world = new World();
    world.write('a');
    void world.load('a');
    await settle();
    void world.load('a');
    void world.unload('a');
    void world.unload('a');
    await world.rest();
    expect(world.served).toEqual([[1], [1], []]);
  });

  it('comes back like any other when its engine crashes', async () => {
    const world = new World();
    world.write('a');
    void world.load('a');
    await world.rest();
    world.engines[0]?.engine.exit();
    await world.rest();
    expect(world.alive).toHaveLength(1);
    world.ask('a');
    await world.rest();
    expect(world.requests[0]?.answer).toBe('request 0 by 1');
  });

  it('comes back also when its engine crashes while another version is loading', async () => {
    const world = new World();
    world.write('a', '1');
    world.write('a', '2');
    const loaded = world.load('a');
    await settle();
    const [first, second] = world.engines;
    if (first === undefined || second === undefined) throw new Error('They do not load.');
    world.proceed(first);
    await settle();
    first.engine.exit();
    await settle();
    await world.rest();
    expect(await loaded).toBe('');
    expect(ids(world)).toEqual([1, 2]);
  });

  it('that does not load is not served, and what was served goes on', async () => {
    const world = new World();
    world.write('a', '1');
    void world.load('a');
    await world.rest();
    world.write('a', '2', false);
    const loaded = world.load('a');
    await world.rest();
    expect(await loaded).toBe('Version 2 of model a does not load: It is broken. Still served: version 1.');
    expect(world.lines.at(-1)).toBe(await loaded);
    expect(world.contents('a')).toEqual([1]);
    expect(world.alive).toHaveLength(1);
    world.write('b', '1', false);
    const another = world.load('b');
    await world.rest();
    expect(await another).toBe('Version 1 of model b does not load: It is broken. No version of it is served.');
  });

  it('is loading, then served, then unloading', async () => {
    const world = new World();
    world.write('a');
    const states = () => world.repository.index().map(({ state }) => state);
    expect(states()).toEqual(['UNAVAILABLE']);
    void world.load('a');
    await settle();
    expect(states()).toEqual(['LOADING']);
    await world.rest();
    expect(states()).toEqual(['READY']);
    world.ask('a');
    await settle();
    const unloaded = world.unload('a');
    await settle();
    expect(states()).toEqual(['UNLOADING']);
    expect(world.models.has('a')).toBe(false);
    await world.rest();
    expect(await unloaded).toBe('');
    expect(states()).toEqual(['UNAVAILABLE']);
  });

  it('whose server stops is loaded no more, and its engines go', async () => {
    const world = new World();
    world.write('a');
    void world.load('a');
    await world.rest();
    const [first, second] = [world.load('a'), world.load('a')];
    await settle();
    expect(world.alive).toHaveLength(2);
    world.repository.stopLoading();
    expect([await first, await second]).toEqual(Array.from({ length: 2 }, () => 'The server is shutting down.'));
    expect(world.alive).toHaveLength(1);
    world.ask('a');
    const unloaded = world.unload('a');
    await settle();
    world.repository.stop();
    await unloaded;
    expect(world.alive).toEqual([]);
    expect(world.requests[0]?.answer).toBe('NOT_READY');
  });
});

describe('whatever is loaded and unloaded in whatever order', () => {
  const name = fc.constantFrom('a', 'b');
  const version = fc.constantFrom('1', '2');
  const index = fc.nat({ max: 30 });
  const step = fc.oneof(
    fc.record({ type: fc.constant('write' as const), name, version, isGood: fc.constantFrom(true, true, true, false) }),
    fc.record({ type: fc.constant('remove' as const), name, version }),
    { weight: 2, arbitrary: fc.record({ type: fc.constant('load' as const), name }) },
    fc.record({ type: fc.constant('unload' as const), name }),
    { weight: 4, arbitrary: fc.record({ type: fc.constant('ask' as const), name }) },
    { weight: 5, arbitrary: fc.record({ type: fc.constant('proceed' as const), index }) },
    fc.record({ type: fc.constant('exit' as const), index }),
    fc.record({ type: fc.constant('wait' as const) }),
  );

  it('every request is answered by the file that it found, and only what was loaded last has engines', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(step, { maxLength: 80, size: 'max' }),
        async (replicas, steps) => {
          const world = new World(replicas);
          // A request whose engine crashes twice is refused.
          let hasExited = false;
          for (const step of steps) {
            const one = 'index' in step ? world.alive[step.index % Math.max(1, world.alive.length)] : undefined;
            if (step.type === 'write') world.write(step.name, step.version, step.isGood);
            else if (step.type === 'remove') world.remove(step.name, step.version);
            else if (step.type === 'load') void world.load(step.name);
            else if (step.type === 'unload') void world.unload(step.name);
            else if (step.type === 'ask') world.ask(step.name);
            else if (step.type === 'proceed' && one !== undefined) world.proceed(one);
            else if (step.type === 'exit' && !hasExited) {
              hasExited = true;
              one?.engine.exit();
            } else if (step.type === 'wait') await settle();
            for (const versions of world.models.values())
              for (const { dispatcher } of versions.values()) expect(dispatcher.ready).toBe(true);
          }
          await world.rest();

          for (const { expected, answer } of world.requests) expect(answer).toBe(expected);
          for (const { outcome } of world.changes)
            expect(outcome).toMatch(
              /^$|does not load: (It is broken\.|ended by)|^No model|^The model repository has no/,
            );
          expect(Object.fromEntries([...world.models.keys()].map((name) => [name, world.contents(name)]))).toEqual(
            Object.fromEntries(world.expected),
          );
          const served = [...world.expected.values()].flat();
          expect(ids(world)).toEqual(served.flatMap((id) => Array.from({ length: replicas }, () => id)).sort(inOrder));
          world.repository.stop();
        },
      ),
      { numRuns },
    );
  });
});
