import { expect, it } from 'vitest';
import { Tensor } from '../model/tensor.ts';
import { knownFeeds, signatureMismatches } from './sessions.ts';

type Metadata = Parameters<typeof signatureMismatches>[0];

const file: Metadata = {
  inputMetadata: [{ name: 'x', isTensor: true, type: 'float32', shape: ['batch', 3, 'height', 'width'] }],
  outputMetadata: [
    { name: 'boxes', isTensor: true, type: 'float32', shape: ['batch', 10, 4] },
    { name: 'scores', isTensor: true, type: 'float32', shape: ['batch', 10] },
  ],
};

it('a file that has what the model needs is taken, with free axes on either side and outputs that the model does not use', () => {
  const inputs = { x: { type: 'float32', shape: [1, 3, null, 640] } } as const;
  expect(signatureMismatches(file, { inputs, outputs: { boxes: { type: 'float32', shape: [null, 10, 4] } } })).toEqual(
    [],
  );
});

it('a missing name is reported together with the existing ones', () => {
  const inputs = { image: { type: 'float32', shape: [null, 3, null, null] } } as const;
  expect(signatureMismatches(file, { inputs, outputs: { logits: { type: 'float32', shape: [null] } } })).toEqual([
    'the model expects an input "image", the file has "x"',
    'the model expects an output "logits", the file has "boxes", "scores"',
    'it needs an input "x" that the model does not feed',
  ]);
});

it('another type, rank or length is reported with what both sides have', () => {
  const inputs = { x: { type: 'uint8', shape: [null, 3, null, null] } } as const;
  const outputs = {
    boxes: { type: 'float32', shape: [null, 10, 5] },
    scores: { type: 'float32', shape: [null, 10, 1] },
  } as const;
  expect(signatureMismatches(file, { inputs, outputs })).toEqual([
    'the model expects input "x" as uint8[?,3,?,?], the file has float32[batch,3,height,width]',
    'the model expects output "boxes" as float32[?,10,5], the file has float32[batch,10,4]',
    'the model expects output "scores" as float32[?,10,1], the file has float32[batch,10]',
  ]);
});

it('an optional tensor may be missing, but must fit where it is there', () => {
  const x = { type: 'float32', shape: [null, 3, null, null] } as const;
  const boxes = { type: 'float32', shape: [null, 10, 4], optional: true } as const;
  const absent = { type: 'int64', shape: [null], optional: true } as const;
  expect(signatureMismatches(file, { inputs: { x, absent }, outputs: { boxes, absent } })).toEqual([]);
  expect(signatureMismatches(file, { inputs: { x }, outputs: { boxes: { ...boxes, shape: [null, 10, 5] } } })).toEqual([
    'the model expects output "boxes" as float32[?,10,5], the file has float32[batch,10,4]',
  ]);
});

it('something that is no tensor is reported as that', () => {
  const sequences: Metadata = { inputMetadata: [{ name: 'x', isTensor: false }], outputMetadata: [] };
  const inputs = { x: { type: 'float32', shape: [1] } } as const;
  expect(signatureMismatches(sequences, { inputs, outputs: {} })).toEqual(['input "x" is not a tensor in the file']);
  expect(signatureMismatches(sequences, { inputs, outputs: { y: { type: 'float32', shape: [1] } } })[1]).toBe(
    'the model expects an output "y", the file has none',
  );
});

const tensor = new Tensor('float32', Float32Array.of(1), [1]);

it('what a file has no input for is left out', () => {
  expect(knownFeeds({ x: tensor, optional: tensor }, ['x'])).toEqual({ x: tensor });
  expect(knownFeeds({ x: tensor }, ['x'])).toEqual({ x: tensor });
});
