import { describe, expect, it } from 'vitest';
import { Tensor } from '../model/tensor.ts';
import { feedMismatches, signatureMismatches } from './tensor-mismatches.ts';

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

it('a name is an axis of any length, and no shape any number of axes', () => {
  const inputs = { x: { type: 'float32', shape: ['N', 3, 'H', 'W'] } } as const;
  expect(signatureMismatches(file, { inputs, outputs: { boxes: { type: 'float32', shape: null } } })).toEqual([]);
});

describe('What a model feeds', () => {
  const inputs = file.inputMetadata;
  const fed = (tensor: unknown): readonly string[] => feedMismatches({ x: tensor }, inputs);

  it('may have any length along a free axis', () => {
    expect(fed(new Tensor('float32', new Float32Array(12), [1, 3, 2, 2]))).toEqual([]);
  });

  it('is described by name, type, axes and lengths, with what to change', () => {
    expect(feedMismatches({ image: new Tensor('float32', new Float32Array(12), [1, 3, 2, 2]) }, inputs)).toEqual([
      'session.run was given no "x", which is float32[batch,3,height,width] in the file, but "image". Add it under that name.',
    ]);
    expect(fed(Float32Array.of(1))).toEqual([
      `session.run was given something else than a Tensor as "x". Make one: new Tensor('float32', values, dims).`,
    ]);
    const head = 'The file takes input "x" as float32[batch,3,height,width], and the model feeds';
    expect(fed(new Tensor('uint8', new Uint8Array(12), [1, 3, 2, 2]))).toEqual([
      `${head} uint8[1,3,2,2]: make the tensor with new Tensor('float32', values, dims).`,
    ]);
    expect(fed(new Tensor('float32', new Float32Array(12), [3, 2, 2]))).toEqual([
      `${head} float32[3,2,2]: 3 axes instead of 4. Give the Tensor other dims.`,
    ]);
    expect(fed(new Tensor('float32', new Float32Array(12), [1, 2, 2, 3]))).toEqual([
      `${head} float32[1,2,2,3]: axis 1 has 2 instead of 3. Give the Tensor other dims, and its values in their order.`,
    ]);
  });
});
