import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type embed, isFailure } from '@portico/schemas';
import type { CreateSession, Session, SessionSignature } from '@portico/server/model';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSession, type LoadedModel, sessionsThatRun } from '@portico/server/testing';
import model, { maxTokensOfInput } from './model.ts';
import { embeddingsOf, expectedTexts, farthest, inputOf, loadEmbed, tinyBert } from './testing/load-embed.ts';

const texts = expectedTexts.map(({ text }) => text);
const normalized = expectedTexts.map(({ normalized }) => normalized);
const neverAborted = AbortSignal.any([]);

/** Sessions that record the shapes of their inputs, and whose hidden states may be changed. */
const observing =
  (shapes: (readonly number[])[], change: (hidden: Float32Array, rows: number) => void = () => {}): CreateSession =>
  async (path, signature) => {
    const session: Session = await createSession<SessionSignature>(path, signature);
    return sessionsThatRun(async (feeds) => {
      const dims = feeds['input_ids']?.dims ?? [];
      shapes.push(dims);
      const outputs = await session.run(feeds);
      change(outputs['last_hidden_state']?.data as Float32Array, dims[0] ?? 0);
      return outputs;
    })(path, signature);
  };

let loaded: LoadedModel<typeof embed>;
let folder: string;
beforeAll(async () => {
  loaded = await loadEmbed();
  folder = await mkdtemp(join(tmpdir(), 'portico-embed-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('embeddings', () => {
  test('are those that torch and transformers compute', async () => {
    expect(farthest(await embeddingsOf(loaded, texts), normalized)).toBeLessThan(1e-5);
  });

  test('are the mean itself where they shall not be normalised', async () => {
    const means = expectedTexts.map(({ mean }) => mean);
    expect(farthest(await embeddingsOf(loaded, texts, { normalize: false }), means)).toBeLessThan(1e-5);
  });

  test('are the same from a file that pools by itself and takes no token types', async () => {
    const pooled = await loadEmbed('pooled.onnx');
    expect(farthest(await embeddingsOf(pooled, texts), normalized)).toBeLessThan(1e-5);
  });

  test('have length 1 but for what rounding takes, and are short as JSON', async () => {
    for (const vector of await embeddingsOf(loaded, texts)) {
      expect(Math.abs(vector.reduce((sum, value) => sum + value * value, 0) - 1)).toBeLessThan(1e-6);
      for (const value of vector)
        expect(JSON.stringify(value)).toMatch(/^-?\d(\.\d{1,7}|e-[67])?$|^-?[1-9](\.\d)?e-[67]$/);
    }
  });
});

describe('a batch', () => {
  test('answers each input with its own texts in their order, with its own parameters', async () => {
    const inputs = [texts.slice(0, 9), texts.slice(9, 10), texts.slice(10).toReversed()];
    const results = await loaded.run(
      inputs.map((own, index) => inputOf(own, { normalize: index !== 1 })),
      { signal: neverAborted },
    );
    const found = results.map((result) => (isFailure(result) ? [] : result.embeddings));
    expect(farthest(found[0] ?? [], normalized.slice(0, 9))).toBeLessThan(1e-5);
    expect(farthest(found[1] ?? [], [expectedTexts[9]?.mean ?? []])).toBeLessThan(1e-5);
    expect(farthest(found[2] ?? [], normalized.slice(10).toReversed())).toBeLessThan(1e-5);
  });

  test('gives each text the vector that it has alone, whatever else is in it and in any order', async () => {
    const words = ['the', 'cat', 'dog', 'sat', 'on', 'mat', 'hello', 'world', '42', '!', 'unknownish', '中'];
    const text = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((words) => words.join(' '));
    const batch = fc.array(fc.array(text, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(batch, async (inputs) => {
        const results = await loaded.run(inputs.map((texts) => inputOf(texts)));
        const found = results.flatMap((result) => (isFailure(result) ? [] : result.embeddings));
        const alone: number[][] = [];
        for (const text of inputs.flat()) alone.push(...(await embeddingsOf(loaded, [text])));
        expect(farthest(found, alone)).toBeLessThan(1e-5);
      }),
      { numRuns: 30 },
    );
  });

  test('runs short texts of all inputs together and apart from long ones', async () => {
    const shapes: (readonly number[])[] = [];
    const observed = await loadEmbed('model.onnx', { createSession: observing(shapes) });
    const input = inputOf(['the cat '.repeat(40), 'the cat', 'the dog']);
    shapes.length = 0;
    await observed.run([input, input, input], { signal: neverAborted });
    expect(shapes).toEqual([
      [6, 4],
      [3, 48],
    ]);
  });

  test('runs each text by itself where the network gives it another vector in a batch', async () => {
    const shapes: (readonly number[])[] = [];
    const quantised = await loadEmbed('model.onnx', {
      createSession: observing(shapes, (hidden, rows) => void hidden.fill(0, 0, rows > 1 ? 1 : 0)),
    });
    shapes.length = 0;
    expect(farthest(await embeddingsOf(quantised, texts), normalized)).toBeLessThan(1e-5);
    expect(shapes.map(([rows]) => rows)).toEqual(texts.map(() => 1));
  });

  test('warns of texts whose end is left out, and names them', async () => {
    const [cut, whole] = await loaded.run([inputOf(['hello', 'the cat '.repeat(40)]), inputOf(['hello'])]);
    expect(cut).toMatchObject({
      warnings: [
        {
          code: 'truncated',
          message: '1 of 2 texts (input.texts at 1) have more than 48 tokens: the end was left out.',
        },
      ],
    });
    expect(whole).toMatchObject({ warnings: [] });
    const [many] = await loaded.run([inputOf(Array.from({ length: 12 }, () => 'the cat '.repeat(40)))]);
    expect(many).toMatchObject({
      warnings: [{ message: expect.stringContaining('(input.texts at 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more)') }],
    });
  });

  test('fails for the input that is to blame only', async () => {
    const tooMany = Math.floor(maxTokensOfInput / 48) + 1;
    const inputs = [
      inputOf(['hello']),
      inputOf(['hello', 'the cat '.repeat(40)], { truncate: false }),
      inputOf(Array.from({ length: tooMany }, () => 'hello '.repeat(70))),
      inputOf(['hello']),
    ];
    const results = await loaded.run(inputs, { signal: neverAborted });
    expect(results[0]).toEqual(results[3]);
    expect(results[0]).toMatchObject({ dimensions: 24 });
    expect(results[1]).toMatchObject({
      code: 'BAD_INPUT',
      message: 'input.texts.1 has 82 tokens; the model reads 48. Shorten it, or let it be truncated.',
    });
    expect(results[2]).toMatchObject({
      code: 'TOO_LARGE',
      message: `The texts have ${tooMany * 48} tokens; send at most ${maxTokensOfInput} at once.`,
    });
  });

  test('of nothing but bad inputs runs nothing', async () => {
    const [result] = await loaded.run([inputOf(['x '.repeat(60)], { truncate: false })], { signal: neverAborted });
    expect(result).toMatchObject({ code: 'BAD_INPUT' });
  });

  test('ends between runs once no client waits', async () => {
    let leaving = new AbortController();
    const shapes: (readonly number[])[] = [];
    const observed = await loadEmbed('model.onnx', { createSession: observing(shapes, () => leaving.abort()) });
    const input = inputOf(['hello', 'the cat '.repeat(40)]);
    // Loading has run it too.
    leaving = new AbortController();
    shapes.length = 0;
    await expect(observed.run([input], { signal: leaving.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(shapes).toHaveLength(1);
  });
});

test('a text of exactly the greatest length needs no truncation', async () => {
  const longest = 'hello '.repeat(46);
  const [vector] = await embeddingsOf(loaded, [longest], { truncate: false });
  expect(farthest([vector ?? []], await embeddingsOf(loaded, [`${longest} the dog`]))).toBeLessThan(1e-5);
});

describe('the warm-up', () => {
  test('passes', async () => {
    const [result] = await loaded.run([await model.warmUp()], { signal: neverAborted });
    expect(result).toMatchObject({ dimensions: 24 });
  });

  test('fails where the network has fewer positions than its tokenizer allows', async () => {
    const lengths = join(folder, 'sentence_bert_config.json');
    await writeFile(lengths, '{"max_seq_length": 65}');
    const weights = { network: join(tinyBert, 'model.onnx'), tokenizer: join(tinyBert, 'tokenizer.json'), lengths };
    const longer = await loadEmbed('', { weights });
    await expect(longer.run([await model.warmUp()], { signal: neverAborted })).rejects.toThrow('64 by 65');
  });
});

test('a file without any vectors among its outputs is refused with the names it might have', async () => {
  const nothing = loadEmbed('model.onnx', { createSession: sessionsThatRun(async () => ({})) });
  await expect(nothing).rejects.toThrow(
    'has none of the outputs sentence_embedding, last_hidden_state, token_embeddings',
  );
});
