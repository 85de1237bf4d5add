import { defineTask, Failure, json } from '@portico/schemas';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { EngineDescription } from '../../inference.ts';
import { errorOf, factsOf, outputText } from './report.ts';

const task = defineTask({
  name: 'digit',
  summary: 'A test.',
  accepts: json(z.string()),
  params: z.object({}),
  output: z.object({}),
});
const settings = { variants: {}, memoryMegabytes: 200 };
const description = { device: 'cpu', warmUpMs: 3.21 } as EngineDescription;

it('says where a model ran, how long each phase took, how much memory it held, and what its sessions got', () => {
  const facts = factsOf(
    {
      engine: { description, loadMs: 1_840 },
      times: { decode: 12.3, inference: 0.91, postprocess: 0.04 },
      residentBytes: 150 * 1024 * 1024,
      sessions: [
        {
          file: 'net.onnx',
          milliseconds: 0.9,
          inputs: [
            {
              name: 'x',
              type: 'float32',
              shape: [1, 9],
              first: ['1', '2'],
              range: { min: '0', max: '9' },
              notFinite: 0,
            },
          ],
          outputs: [{ name: 'label', type: 'string', shape: [1], first: ['"a"'], notFinite: 0 }],
        },
        {
          file: 'next.onnx',
          milliseconds: 2,
          inputs: [{ name: 'y', type: 'float32', shape: [0], first: [], notFinite: 2 }],
          outputs: [],
        },
      ],
      output: new Uint8Array(),
    },
    { task, variant: 'mnist', settings, tensors: true },
  );
  expect(facts).toBe(`net.onnx, 0.9 ms
  → x float32[1, 9]  0 to 9; 1 2 …
  ← label string[1]  "a"
next.onnx, 2.0 ms, failed
  → y float32[0]  2 NaN or infinite; no values
digit:mnist on cpu: loaded in 1.8 s, warm-up 3.2 ms; memory 150 MiB (memoryMegabytes: 200)
decode 12 ms, inference 0.9 ms, postprocess 0.0 ms
`);
});

it('long texts of the output are shortened for a terminal only', () => {
  const output = { picture: 'x'.repeat(500), digit: 7 };
  expect(outputText(output, { shorten: true })).toBe(
    `{\n  "picture": "${'x'.repeat(120)}… (500 characters)",\n  "digit": 7\n}`,
  );
  expect(JSON.parse(outputText(output, { shorten: false }))).toEqual(output);
});

it('a failure reads as a client gets it, a defect as its author needs it', async () => {
  const failure = new Failure('BAD_INPUT', 'The picture is broken.');
  expect(await errorOf({ failure, detail: undefined, stacks: [] }, '/service')).toBe(
    'BAD_INPUT: The picture is broken.',
  );
  const defect = new Failure('INTERNAL', 'The model failed on this input.');
  expect(await errorOf({ failure: defect, detail: undefined, stacks: ['Error: boom'] }, '/service')).toBe(
    'Error: boom',
  );
  expect(
    await errorOf({ failure: undefined, detail: 'It does not load: boom', stacks: ['Error: boom'] }, '/service'),
  ).toBe('It does not load: boom');
});
