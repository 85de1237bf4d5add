import { describe, expect, it } from 'vitest';
import { initialDraft, type InputMetadata, sourceKindsOf, sourceOf, valuesOf, withShape } from './input-draft.ts';

const tensor = (datatype: InputMetadata['datatype'], ...shape: number[]): InputMetadata => ({
  name: 'x',
  datatype,
  shape,
});

describe('an input at first', () => {
  it('has a length for every axis', () => {
    expect(initialDraft(tensor('FP32', -1, 4)).shape).toEqual([1, 4]);
    expect(initialDraft(tensor('FP32', -1, 3, -1, -1)).shape).toEqual([1, 3, 224, 224]);
  });

  it('is drawn, chosen, random or typed, by what fits its shape', () => {
    expect(initialDraft(tensor('FP32', 1, 1, 28, 28)).source.kind).toBe('drawing');
    expect(initialDraft(tensor('UINT8', 1, 3, 64, 64)).source.kind).toBe('picture');
    expect(initialDraft(tensor('INT64', -1, -1)).source).toMatchObject({ kind: 'fill', fill: 'random' });
    expect(initialDraft(tensor('BYTES', 2)).source).toEqual({ kind: 'text', text: '\n' });
  });

  it('has values, once there is a picture where one is needed', () => {
    expect(valuesOf(initialDraft(tensor('FP32', 2, 2)))).toHaveLength(4);
    expect(valuesOf(initialDraft(tensor('BYTES', 2)))).toEqual(['', '']);
    expect(() => valuesOf(initialDraft(tensor('FP32', 1, 3, 64, 64)))).toThrow('Choose a picture.');
  });
});

describe('the values of an input', () => {
  it('at random are the same as long as the input is', () => {
    const draft = initialDraft(tensor('FP32', 100));
    expect(valuesOf(draft)).toEqual(valuesOf(draft));
    expect(new Set(valuesOf(draft) as Float32Array).size).toBeGreaterThan(95);
    expect(valuesOf({ ...draft, source: { kind: 'fill', fill: 'random', seed: 2 } })).not.toEqual(valuesOf(draft));
  });

  it('are not typed where there are too many', () => {
    expect(sourceKindsOf(tensor('FP32', 1, 4096), [1, 4096])).toEqual(['fill']);
  });

  it('are zeros where typing begins', () => {
    const draft = initialDraft(tensor('INT64', 3));
    expect(valuesOf({ ...draft, source: sourceOf('text', draft) })).toEqual(BigInt64Array.of(0n, 0n, 0n));
  });
});

describe('another shape', () => {
  it('keeps a fill, and drops a picture', () => {
    const filled = withShape(initialDraft(tensor('FP32', -1, 2)), [3, 2]);
    expect(filled.source.kind).toBe('fill');
    expect(valuesOf(filled)).toHaveLength(6);
    const picture = withShape(
      {
        ...initialDraft(tensor('FP32', 1, 3, -1, -1)),
        source: { kind: 'picture', rgba: new Uint8ClampedArray(4), scale: '0–1' },
      },
      [1, 3, 32, 32],
    );
    expect(picture.source).toMatchObject({ kind: 'picture', rgba: undefined });
    expect(picture.metadata.shape).toEqual([1, 3, -1, -1]);
  });
});

it('an input of any number of axes begins with one, and gets others', () => {
  const draft = initialDraft({ ...tensor('FP32', -1), unranked: true });
  expect(draft.shape).toEqual([1]);
  for (const shape of [[], [2], [2, 3, 1]]) {
    const next = withShape(draft, shape);
    expect([next.shape, valuesOf(next).length]).toEqual([shape, shape.reduce((count, length) => count * length, 1)]);
    expect(next.metadata.unranked).toBe(true);
  }
});

it('makes no tensor that would keep the page busy, whatever the shape', () => {
  for (const shape of [[1e9], [1, 3, 1e5, 1e5], [2 ** 22 + 1]]) {
    const draft = initialDraft({ name: 'x', datatype: 'FP32', shape });
    const filled: typeof draft = { ...draft, source: { kind: 'fill', fill: 'random', seed: 1 } };
    expect(() => valuesOf(filled)).toThrow('values; this page creates');
  }
  expect(() => valuesOf(initialDraft({ name: 'x', datatype: 'BYTES', shape: [1e9] }))).toThrow(
    'values; this page creates',
  );
});
