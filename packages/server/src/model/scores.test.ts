import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highestScores, sigmoid, softmax } from './scores.ts';

describe('probabilities of logits', () => {
  it('are those of the definition', () => {
    expect([...softmax([0, Math.log(3)])]).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)]);
  });

  it('add up to one and keep the order, however large the logits are', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1 }), (logits) => {
        const probabilities = softmax(logits);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
        const top = highestScores(logits, 1)[0]?.index ?? -1;
        expect(probabilities[top]).toBe(Math.max(...probabilities));
      }),
    );
  });

  it('of one logit by itself are a half at 0', () => {
    expect([sigmoid(0), sigmoid(Infinity), sigmoid(-Infinity)]).toEqual([0.5, 1, 0]);
  });
});

it('the highest scores come first, and of equal ones the earlier', () => {
  expect(highestScores([1, 3, 3, 2], 3)).toEqual([
    { index: 1, score: 3 },
    { index: 2, score: 3 },
    { index: 3, score: 2 },
  ]);
});
