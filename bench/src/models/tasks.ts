import { audio, defineTask, json } from '@portico/schemas';
import type { ModelSettings } from '@portico/server';
import { z } from 'zod';

/** Contracts of the models that only the bench serves: a row of numbers in, a row of numbers out. */
const denseTask = (name: string, summary: string, width: number) =>
  defineTask({
    name,
    summary,
    accepts: json(z.array(z.number()).length(width)),
    params: z.object({}),
    output: z.array(z.number()).length(width),
  });

export const tinyShape = { layers: 1, width: 64 } as const;
export const mediumShape = { layers: 3, width: 4096 } as const;

export const tinyTask = denseTask('tiny', 'Multiply a row of 64 by one dense layer.', tinyShape.width);
export const mediumTask = denseTask('medium', 'Multiply a row of 4096 by three dense layers.', mediumShape.width);

export type DenseTask = typeof tinyTask;

export const digitsTask = defineTask({
  name: 'digits',
  summary: 'Score a picture of 784 numbers as the MNIST network does.',
  accepts: json(z.array(z.number()).length(784)),
  params: z.object({}),
  output: z.array(z.number()).length(10),
});

export const weighTask = defineTask({
  name: 'weigh',
  summary: 'Say how large a file is.',
  accepts: audio(),
  params: z.object({}),
  output: z.object({ bytes: z.number() }),
});

export const generatedSettings: ModelSettings = { variants: { generated: { weights: {} } } };
export const denseSettings: ModelSettings = { ...generatedSettings, maxBatchSize: 'measured' };

/** Bounds the inputs in one run of every model of the real server. */
export const maxBatchVariable = 'PORTICO_BENCH_MAX_BATCH';

/** Where the bench has put its ONNX files; engines inherit it. */
export const modelFolderVariable = 'PORTICO_BENCH_MODELS';
