import { describe, expect, it } from 'vitest';
import { Harness, type HarnessOptions, now } from './testing/harness.ts';
import { texts } from './testing/watching.ts';

const loadMs = 1_000;

/** A dispatcher whose engines take a second to load, and of which two clients have asked something. */
async function contested(options: HarnessOptions = {}): Promise<Harness> {
  const harness = new Harness(options);
  harness.dispatcher.start();
  load(harness);
  load(harness);
  for (const client of ['meek', 'careless']) {
    const hello = harness.submit('hello', { client });
    for (const engine of harness.engines.alive) engine.finish();
    expect(await now(hello)).toBe('hello');
  }
  return harness;
}

/** What is loading becomes ready; what is launched because of that does not yet. */
function load(harness: Harness): void {
  harness.clock.advance(loadMs);
  for (const engine of harness.engines.alive) if (!engine.ready) engine.becomeReady(harness.info);
}

/** Lets a client crash an engine; `ending` is what becomes of its request then. */
async function crash(harness: Harness, client: string): Promise<string | undefined> {
  const ending = harness.submit('poison', { client });
  harness.engines.alive.find(({ running }) => running.length > 0)?.exit();
  const early = await now(ending);
  load(harness);
  for (const engine of harness.engines.alive) engine.finish();
  return early;
}

describe('a client whose inputs cost engines', () => {
  it('is refused when they have cost too much, while another is there, and until the budget allows one more', async () => {
    const harness = await contested();
    const endings: (string | undefined)[] = [];
    for (let turn = 0; turn < 6; turn++) endings.push(await crash(harness, 'careless'));
    expect(endings).toContain('RATE_LIMITED');
    await expect(
      harness.dispatcher.submit(
        { bytes: Buffer.from('more'), mediaType: null, params: {} },
        { client: 'careless', timeoutMs: 60_000 },
      ),
    ).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
    const other = harness.submit('other', { client: 'meek' });
    harness.engines.last.finish();
    expect(await now(other)).toBe('other');
    harness.clock.advance(60_000);
    void harness.submit('again', { client: 'meek' });
    const again = harness.submit('later', { client: 'careless' });
    harness.engines.last.finish();
    harness.engines.last.finish();
    expect(await now(again)).toBe('later');
  });

  it('goes on as ever when it is alone: nobody else loses by it', async () => {
    const harness = new Harness();
    harness.dispatcher.start();
    load(harness);
    for (let turn = 0; turn < 10; turn++) {
      void crash(harness, 'careless');
      harness.clock.advance(30_000);
      harness.readyAll();
    }
    const result = harness.submit('healthy', { client: 'careless' });
    for (let run = 0; run < 20; run++) harness.engines.last.finish();
    expect(await now(result)).toBe('healthy');
  });

  it('is served by one replica at a time, and never by the last that is ready', async () => {
    const harness = await contested({ replicas: 2 });
    void harness.submit('poison', { client: 'careless' });
    harness.engines.alive[0]?.exit();
    // The other replica is ready and free, but stays free for others.
    void harness.submit('more', { client: 'careless' });
    expect(texts(harness.engines)).toEqual([]);
    void harness.submit('meek', { client: 'meek' });
    expect(texts(harness.engines)).toEqual(['meek']);
    load(harness);
    expect(texts(harness.engines).sort()).toEqual(['meek', 'poison']);
    const meek = harness.engines.alive.find(({ running }) => running.some(({ bytes }) => String(bytes) === 'meek'));
    meek?.finish();
    expect(texts(harness.engines)).toEqual(['poison']);
  });

  it('is served by one replica at a time, also where its inputs are too large for one run', async () => {
    const harness = await contested({ replicas: 3, info: { maxBatchSize: 4 } });
    load(harness);
    await crash(harness, 'careless');
    const { alive } = harness.engines;
    for (const engine of alive) engine.maxFitting = 1;
    for (const name of ['a', 'b', 'c']) void harness.submit(name, { client: 'meek' });
    const results = ['large 1', 'large 2', 'large 3'].map((text) => harness.submit(text, { client: 'careless' }));
    expect(texts(harness.engines).sort()).toEqual(['a', 'b', 'c']);
    for (const engine of alive) engine.finish();
    expect(texts(harness.engines)).toEqual(['large 1']);
    for (let run = 0; run < 3; run++) for (const engine of alive) engine.finish();
    expect(await Promise.all(results)).toEqual(['large 1', 'large 2', 'large 3']);
  });

  it('shares no run with others after one that went wrong', async () => {
    const harness = await contested({ info: { maxBatchSize: 4 } });
    const finishAll = (): void => {
      for (const engine of harness.engines.alive) engine.finish();
    };
    void harness.submit('opener', { client: 'meek' });
    for (const client of ['meek', 'careless']) void harness.submit(`first of ${client}`, { client });
    finishAll();
    expect(texts(harness.engines)).toHaveLength(2);
    harness.engines.last.exit();
    load(harness);
    const runs: string[][] = [];
    for (const client of ['meek', 'careless', 'third'])
      for (const name of ['a', 'b']) void harness.submit(`${name} of ${client}`, { client });
    for (let run = 0; run < 8; run++) {
      runs.push(texts(harness.engines).map((text) => text.split(' of ')[1] ?? ''));
      finishAll();
    }
    expect(runs.filter((clients) => clients.includes('careless') && new Set(clients).size > 1)).toEqual([]);
    expect(runs.flat().filter((client) => client === 'careless')).toHaveLength(3);
  });
});

describe('a run that nobody waits for', () => {
  it('is left to finish while a replacement would take longer, and its time counts', async () => {
    const harness = await contested();
    const leaving = new AbortController();
    void harness.submit('slow', { client: 'careless', signal: leaving.signal });
    harness.clock.advance(200);
    leaving.abort();
    harness.clock.advance(loadMs - 201);
    expect(harness.engines.all).toHaveLength(1);
    harness.engines.last.finish();
    expect(harness.dispatcher.clients).toBe(1);
    expect(harness.engines.all).toHaveLength(1);
  });

  it('is ended when it has lasted as long as a replacement loads', async () => {
    const harness = new Harness();
    harness.dispatcher.start();
    harness.clock.advance(10_000);
    harness.readyAll();
    const leaving = new AbortController();
    void harness.submit('slow', { signal: leaving.signal });
    leaving.abort();
    harness.clock.advance(9_999);
    expect(harness.engines.all).toHaveLength(1);
    harness.clock.advance(1);
    expect(harness.engines.all).toHaveLength(2);
  });
});
