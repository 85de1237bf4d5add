import { bytes, defineTask, file, form, image, json, png, PngDataUrl } from '@portico/schemas';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { LoadContext } from '../model/define-model.ts';
import { loadModelRunner, modelRunner } from './runner.ts';

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
  if (answer === undefined || answer instanceof Error) throw answer;
  return Buffer.from(answer.bytes);
}

it('the output is JSON as a rule', async () => {
  expect(JSON.parse((await answered()).toString())).toEqual(output);
});

it('a client who wants the bytes alone gets them', async () => {
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
    { bytes: Buffer.from('{"sum":3}') },
    expect.objectContaining({
      code: 'INVALID_PARAMETERS',
      issues: [
        { path: 'input.numbers.0', message: 'Invalid input: expected number, received string' },
        { path: 'input.b', message: 'Unknown parameter' },
      ],
    }),
    expect.objectContaining({ code: 'BAD_INPUT' }),
    { bytes: Buffer.from('{"sum":10}') },
  ]);
  expect(await run(['1'])).toEqual([expect.objectContaining({ code: 'INVALID_PARAMETERS' })]);
  expect(runs).toEqual([2]);
});

it('a field that is no data URL of what the task produces is a defect that names the field', async () => {
  const say = defineTask({
    name: 'say',
    summary: 'Say.',
    accepts: image(),
    params: z.object({}),
    output: z.object({ speech: z.string() }),
    produces: bytes('speech', 'audio/wav'),
  });
  const runner = modelRunner({ task: say, run: async () => [{ speech: 'data:audio/mpeg;base64,AAAA' }] }, undefined);
  const input = { id: 1, mediaType: 'image/png', params: {}, bytes: picture, outputAs: 'bytes' } as const;
  const [answer] = await runner.run([input], context);
  expect(answer).toEqual(
    new Error(
      'The output does not match the contract: "speech" must be a data URL that starts with data:audio/wav;base64,',
    ),
  );
});

it('files of a form reach the model by their names, in the warm-up too', async () => {
  const pair = defineTask({
    name: 'pair',
    summary: 'Pair.',
    accepts: form({ left: image(), right: file() }),
    params: z.object({}),
    output: z.object({ texts: z.array(z.string()) }),
  });
  const left = { data: Buffer.from('one'), mediaType: 'image/png' };
  const right = { data: Buffer.from('two two'), mediaType: 'text/plain' };
  const { runner, sample } = await loadModelRunner(
    {
      task: pair,
      load: async () => undefined,
      run: async (inputs) =>
        inputs.map((input) => {
          const { files } = input as unknown as { files: Record<string, { data: Uint8Array; mediaType: string }> };
          return { texts: Object.entries(files).map(([name, { data }]) => `${name} ${Buffer.from(data).toString()}`) };
        }),
      warmUp: () => ({ files: { left, right }, params: {} }) as never,
    },
    1,
    {} as LoadContext,
  );
  const [answer] = await runner.run([sample!, { ...sample!, id: 2 }], context);
  expect(answer).toEqual({ bytes: Buffer.from('{"texts":["left one","right two two"]}') });
});

it('warnings are part of the output, and their codes come beside it, each once, also beside bytes alone', async () => {
  const cautious = defineTask({
    name: 'draw',
    summary: 'Draw.',
    accepts: image(),
    params: z.object({}),
    output: z.object({ image: PngDataUrl }),
    produces: png('image'),
    warnings: { truncated: 'It was cut.', firstPage: 'It has more pages.' },
  });
  const warnings = [{ code: 'truncated' }, { code: 'firstPage', message: 'It has 3 pages.' }, { code: 'truncated' }];
  const answers = async (given: object, outputAs?: 'bytes') => {
    const runner = modelRunner({ task: cautious, run: async () => [{ image: output.image, ...given }] }, undefined);
    return runner.run([{ id: 1, mediaType: 'image/png', params: {}, bytes: picture, outputAs }], context);
  };
  expect(await answers({ warnings }, 'bytes')).toEqual([{ bytes: picture, warnings: ['truncated', 'firstPage'] }]);
  expect(await answers({ warnings })).toEqual([
    {
      bytes: Buffer.from(
        JSON.stringify({
          image: output.image,
          warnings: [
            { code: 'truncated', message: 'It was cut.' },
            { code: 'firstPage', message: 'It has 3 pages.' },
            { code: 'truncated', message: 'It was cut.' },
          ],
        }),
      ),
      warnings: ['truncated', 'firstPage'],
    },
  ]);
  expect(await answers({})).toEqual([{ bytes: Buffer.from(JSON.stringify({ image: output.image, warnings: [] })) }]);
  expect(await answers({ warnings: [{ code: 'other' }] })).toEqual([
    new Error(
      'The output does not match the contract: output.warnings.0.code: Invalid option: expected one of ' +
        '"truncated"|"firstPage". Change what run() returns, or the contract.',
    ),
  ]);
});
