import { expect } from 'vitest';
import type { CallOptions } from '../../src/options.ts';
import type { Portico } from '../../src/portico.ts';
import type { BatchResult } from '../../src/tasks/method-types.ts';
import type { FixtureTasks } from './fixture-tasks.ts';
import { pixel, recording, segmentsOfSentence } from './samples.ts';

/** A method of the client, with an input for which it succeeds. */
export interface Method {
  readonly name: string;
  /** The model that it needs, if one has to be loaded. */
  readonly model?: string;
  /** Where its requests go. */
  readonly path: RegExp;
  /** Calls that it makes one after another; each has its own retries. */
  readonly calls: number;
  readonly run: (portico: Portico<FixtureTasks>, options: CallOptions) => Promise<unknown>;
  readonly output: unknown;
}

const single = { calls: 1 };
const page = { width: 1, height: 1, angle: 0, text: '', lines: [], warnings: [] };
const sentences = 2;

export const methods: readonly Method[] = [
  {
    name: 'a file',
    model: 'draw',
    path: /^\/draw$/,
    ...single,
    run: async (portico, options) => portico.draw(pixel, { side: 3 }, options),
    output: { side: 3, image: expect.stringMatching(/^data:image\/png;base64,/) },
  },
  {
    name: 'ocr',
    model: 'ocr',
    path: /^\/ocr$/,
    ...single,
    run: (portico, options) => portico.ocr(pixel, {}, options),
    output: page,
  },
  {
    name: 'batch',
    model: 'ocr',
    path: /^\/ocr$/,
    ...single,
    calls: 3,
    run: async (portico, options) =>
      valuesOf(await portico.ocr.batch([pixel, pixel, pixel], {}, { ...options, concurrency: 1 })),
    output: [page, page, page],
  },
  {
    name: 'image',
    model: 'segment',
    path: /^\/segment$/,
    ...single,
    run: async (portico, options) => sizeOf(await portico.segment.image(pixel, {}, options)),
    output: { width: 1, height: 1 },
  },
  {
    name: 'a drawn image',
    model: 'draw',
    path: /^\/draw$/,
    ...single,
    run: async (portico, options) => sizeOf(await portico.draw.image(pixel, { side: 3 }, options)),
    output: { width: 3, height: 3 },
  },
  {
    name: 'several files',
    model: 'compare',
    path: /^\/compare$/,
    ...single,
    run: async (portico, options) => {
      const { same, note } = await portico.compare({ left: pixel, right: pixel }, { note: 'a pair' }, options);
      return { same, note };
    },
    output: { same: true, note: 'a pair' },
  },
  {
    name: 'a recording out of JSON',
    model: 'say',
    path: /^\/say$/,
    ...single,
    run: async (portico, options) => {
      const wav = Buffer.from(await (await portico.say.blob({ text: 'hm' }, {}, options)).arrayBuffer());
      // Its head says how long it is.
      return wav.readUInt32LE(4) + 8 === wav.byteLength;
    },
    output: true,
  },
  {
    name: 'JSON',
    model: 'embed',
    path: /^\/embed$/,
    ...single,
    run: async (portico, options) => (await portico.embed({ texts: ['one', 'two'] }, {}, options)).embeddings.length,
    output: 2,
  },
  {
    name: 'stream',
    model: 'vad',
    path: /^\/vad$/,
    ...single,
    run: async (portico, options) => {
      let items = 0;
      const stream = portico.vad.stream(recording(sentences), {}, options);
      for (;;) {
        const step = await stream.next();
        if (step.done === true) return { items, segments: step.value.segments.length };
        items += 1;
      }
    },
    output: { items: sentences * segmentsOfSentence, segments: sentences * segmentsOfSentence },
  },
  {
    name: 'tensors',
    path: /^\/v2\/models\/doubling\/infer$/,
    ...single,
    run: async (portico, options) => {
      const x = { name: 'x', shape: [4], data: Float32Array.of(1, 2, 3, 4) };
      return (await portico.tensors('doubling').infer({ inputs: [x] }, options)).outputs;
    },
    output: [{ name: 'y', datatype: 'FP32', shape: [4], data: Float32Array.of(2, 4, 6, 8) }],
  },
  {
    name: 'ready',
    path: /^\/ready$/,
    ...single,
    run: (portico, options) => portico.ready(options),
    output: { status: 'ready', models: expect.any(Array) },
  },
  {
    name: 'models',
    path: /^\/models$/,
    ...single,
    run: async (portico, options) => (await portico.models(options)).models.some(({ name }) => name === 'doubling'),
    output: true,
  },
  {
    name: 'gpu',
    path: /^\/gpu$/,
    ...single,
    run: async (portico, options) => Array.isArray((await portico.gpu(options)).gpus),
    output: true,
  },
];

/** The values of a batch in which all went well; otherwise the first error. */
function valuesOf<Value>(results: readonly BatchResult<Value>[]): Value[] {
  return results.map((result) => {
    if (!result.ok) throw result.error;
    return result.value;
  });
}

/** From the header of a PNG: https://www.w3.org/TR/png-3/#11IHDR. Throws when its end is missing. */
async function sizeOf(png: Blob): Promise<{ width: number; height: number }> {
  const bytes = Buffer.from(await png.arrayBuffer());
  if (bytes.toString('latin1', bytes.length - 8, bytes.length - 4) !== 'IEND') throw new Error('The PNG has no end.');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
