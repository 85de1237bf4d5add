import { defineTask, image, json, png, PngDataUrl } from '@portico/schemas';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { modelRunner } from './runner.ts';

const task = defineTask({
  name: 'draw',
  summary: 'Draw.',
  accepts: image(),
  params: z.object({}),
  output: z.object({ width: z.number(), image: PngDataUrl }),
  produces: png('image'),
});
const picture = Buffer.from([137, 80, 78, 71]);
const output = { width: 1, image: `data:image/png;base64,${picture.toString('base64')}` };
const drawing = { task, run: async () => [output] };
const context = { signal: new AbortController().signal, emit: () => {} };

/** What a client gets who wants it in this form. */
async function answered(outputAs?: 'bytes'): Promise<Buffer> {
  const input = { id: 1, mediaType: 'image/png', params: {}, bytes: picture, outputAs };
  const [answer] = await modelRunner(drawing, undefined).run([input], context);
  if (!(answer instanceof Uint8Array)) throw answer;
  return Buffer.from(answer);
}

it('the output is JSON as a rule', async () => {
  expect(JSON.parse((await answered()).toString())).toEqual(output);
});

it('a client who wants the picture alone gets its bytes', async () => {
  expect(await answered('bytes')).toEqual(picture);
});

it('JSON that the gateway left unchecked is checked, and what is wrong fails without the others', async () => {
  const sum = defineTask({
    name: 'sum',
    summary: 'Add numbers.',
    accepts: json(z.strictObject({ numbers: z.array(z.number()), times: z.number().default(1) })),
    params: z.object({}),
    output: z.object({ sum: z.number() }),
  });
  const runs: number[] = [];
  const runner = modelRunner(
    {
      task: sum,
      run: async (inputs) => {
        runs.push(inputs.length);
        return inputs.map((each) => {
          const { input } = each as unknown as { input: { numbers: number[]; times: number } };
          return { sum: input.times * input.numbers.reduce((total, number) => total + number, 0) };
        });
      },
    },
    undefined,
  );
  const run = (texts: readonly string[]) =>
    runner.run(
      texts.map((text, id) => ({ id, mediaType: null, unchecked: true, params: {}, bytes: Buffer.from(text) })),
      context,
    );
  const outputs = await run([
    '{"numbers":[1,2]}',
    '{"numbers":["a"],"b":1}',
    '{"numbers":[',
    '{"numbers":[5],"times":2}',
  ]);
  expect(outputs).toEqual([
    Buffer.from('{"sum":3}'),
    expect.objectContaining({
      code: 'INVALID_PARAMETERS',
      issues: [
        { path: 'input.numbers.0', message: 'Invalid input: expected number, received string' },
        { path: 'input.b', message: 'Unknown parameter' },
      ],
    }),
    expect.objectContaining({ code: 'BAD_INPUT' }),
    Buffer.from('{"sum":10}'),
  ]);
  expect(await run(['1'])).toEqual([expect.objectContaining({ code: 'INVALID_PARAMETERS' })]);
  expect(runs).toEqual([2]);
});
