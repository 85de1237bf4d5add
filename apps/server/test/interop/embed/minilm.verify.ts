import { EmbedResult } from '@portico/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postJson } from '../../doors/support/asking.ts';
import { processUsage } from '@portico/measure/server-usage';
import { explainSkip } from '../../harness/measured.ts';
import { processorMs } from '../../harness/process-facts.ts';
import { type ServerProcess, startServer } from '../../harness/server-process.ts';
import { findPython, frameworks } from '../frameworks/python.ts';
import { exportedModel, runPython } from './python.ts';
import { shortSentences, variedTexts } from './texts.ts';

const preparationMs = 120_000;
const python = await findPython(frameworks);
if ('missing' in python) explainSkip(`there is no Python with sentence-transformers: ${python.missing}`);

interface Peer {
  readonly embeddings: number[][];
  /** Time of a core that each text took. */
  readonly millisecondsEach: number;
}

const cosine = (one: readonly number[], other: readonly number[]): number => {
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, axis) => sum + value * (b[axis] ?? NaN), 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
};

describe.skipIf('missing' in python)('all-MiniLM-L6-v2', () => {
  if ('missing' in python) return;
  let server: ServerProcess;
  beforeAll(async () => {
    const folder = await exportedModel(python);
    server = await startServer({ MODEL_NAME: 'embed', EMBED_WEIGHTS: folder, INFER_TIMEOUT_SECONDS: '300' });
    await server.ready();
  }, preparationMs);
  afterAll(() => server?.[Symbol.asyncDispose]());

  const embed = async (texts: readonly string[]): Promise<EmbedResult> => {
    const response = await postJson(`${server.url}/embed`, { input: { texts } });
    expect(response.status).toBe(200);
    return EmbedResult.parse(await response.json());
  };
  const peer = async (texts: readonly string[]): Promise<Peer> =>
    JSON.parse(await runPython(python.command, ['embed'], JSON.stringify(texts))) as Peer;

  it('points where sentence-transformers points, for every kind of text', async () => {
    const [{ dimensions, embeddings }, expected] = [await embed(variedTexts), await peer(variedTexts)];
    expect(dimensions).toBe(384);
    const cosines = embeddings.map((vector, index) => cosine(vector, expected.embeddings[index] ?? []));
    report(`lowest cosine of ${cosines.length} texts: ${Math.min(...cosines)}`);
    expect(variedTexts.filter((_, index) => !((cosines[index] ?? NaN) >= 0.9999))).toEqual([]);
  });

  it('gives each text the vector that it has alone, even when 32 clients send one each', async () => {
    const alone: (readonly number[])[] = [];
    for (const text of variedTexts) alone.push(...(await embed([text])).embeddings);
    const [among, { embeddings: inOneRequest }] = [await fromClients(variedTexts, embed), await embed(variedTexts)];
    for (const [name, vectors] of Object.entries({ 'among 32 clients': among, 'in one request': inOneRequest })) {
      const differences = vectors.map((vector, index) => farthest(vector, alone[index] ?? []));
      report(`largest difference ${name}: ${Math.max(...differences)}`);
      expect(variedTexts.filter((_, index) => !((differences[index] ?? NaN) <= 1e-5))).toEqual([]);
    }
  });

  it('is measured side by side with sentence-transformers on one thread', async () => {
    const chunks = Array.from({ length: 4 }, (_, index) => shortSentences.slice(index * 128, (index + 1) * 128));
    const [engine = 0] = await server.engines();
    const together = await millisecondsEach(engine, () => Promise.all(chunks.map(embed)));
    const singly = await millisecondsEach(engine, () => fromClients(shortSentences, embed));
    const theirs = (await peer(shortSentences)).millisecondsEach;
    const mebibytes = Math.round((await processUsage(engine)).residentBytes / 1024 ** 2);
    report(
      `a sentence takes a core ${together.toFixed(2)} ms by 128, ${singly.toFixed(2)} ms from 32 clients one by one, ` +
        `sentence-transformers ${theirs.toFixed(2)} ms; the engine holds ${mebibytes} MiB`,
    );
    expect(Math.min(together, singly, theirs)).toBeGreaterThan(0);
  });
});

/** The vectors of texts that 32 clients send one at a time, in the order of the texts. */
async function fromClients(
  texts: readonly string[],
  embed: (texts: readonly string[]) => Promise<EmbedResult>,
): Promise<(readonly number[])[]> {
  const vectors: (readonly number[])[] = [];
  const waiting = [...texts.entries()];
  const client = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [index, text] = next;
      vectors[index] = (await embed([text])).embeddings[0] ?? [];
    }
  };
  await Promise.all(Array.from({ length: 32 }, client));
  return vectors;
}

/** The largest difference of two vectors. */
const farthest = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.map((value, axis) => Math.abs(value - (other[axis] ?? NaN))));

/** Time of a core that the engine takes for a text: unlike texts a second it does not depend on what else the machine does. */
async function millisecondsEach(engine: number, work: () => Promise<unknown>): Promise<number> {
  const before = await processorMs(engine);
  await work();
  return ((await processorMs(engine)) - before) / shortSentences.length;
}

const report = (line: string): void => void process.stderr.write(`measured: ${line}\n`);
