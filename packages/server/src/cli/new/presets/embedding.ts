import { type GeneratedModel, memoryFor, type Names, type Preset, type PresetContext } from '../preset.ts';
import { chooseImageInput, imageFlags, imageTensor, isOfLines } from './image-input.ts';
import { chooseFit, fitFlags, imageModel } from './image-model.ts';
import { chooseNormalisation } from './normalisation.ts';
import { samplePicture } from './samples.ts';
import { chooseOutput, outputFlag, outputMember, scoreOutputs } from './scores.ts';
import { textFlags, textInputs, textOutputs, writeText } from './text-embedding.ts';

/** Texts or a picture in, vectors out. */
export const embedding: Preset = {
  name: 'embedding',
  summary: 'texts or a picture in, vectors out that are close where the contents are',
  flags: {
    ...imageFlags,
    ...fitFlags,
    output: outputFlag,
    ...textFlags,
  },
  fits: (file) => {
    if (textInputs(file) !== undefined) return textOutputs(file).length > 0 ? 0.9 : 0;
    const [output] = scoreOutputs(file);
    const image = imageTensor(file);
    return image !== undefined && !isOfLines(image) && output !== undefined
      ? /embed|feature/i.test(output.name)
        ? 0.85
        : 0.3
      : 0;
  },
  write: (context) => (textInputs(context.file) === undefined ? writeImage(context) : writeText(context)),
};

async function writeImage(context: PresetContext): Promise<GeneratedModel> {
  const { names, file } = context;
  const output = await chooseOutput(context, scoreOutputs(file), 'a vector');
  const image = await chooseImageInput(context, { side: 224 });
  const normalisation = await chooseNormalisation(context, image, { normalize: 'imagenet', channels: 'rgb' });
  const fitted = await chooseFit(context, image);
  return {
    contract: imageContract(names),
    model: imageModel({
      names,
      image,
      normalisation,
      fitted,
      member: outputMember(output),
      result: 'resultOf(values, params.normalize)',
      declared: `/** Postprocessing: the vector, rounded for JSON. */
function resultOf(vector: Float32Array, normalize: boolean): ${names.type}Result {
  return { dimensions: vector.length, embedding: embeddingOf(vector, normalize) };
}
`,
      contractImports: [`type ${names.type}Result`],
      serverImports: ['embeddingOf'],
    }),
    assets: { 'sample.png': samplePicture() },
    sample: { file: 'sample.png', mediaType: 'image/png' },
    settings: { memoryMegabytes: memoryFor(file.bytes), ...(image.isBatchable ? { maxBatchSize: 'measured' } : {}) },
    packages: { '@portico/media': true },
    checks: [
      'assert.equal(output.embedding.length, output.dimensions);',
      'assert.ok(output.embedding.some((value) => value !== 0));',
    ],
    explains: [
      `${fitted.explained} ${image.width} × ${image.height} pixels; ${normalisation.explained}.`,
      'The vector is scaled to length 1 unless normalize is false, and rounded to seven decimals.',
    ],
  };
}

function imageContract({ type, task, constant }: Names): GeneratedModel['contract'] {
  return {
    imports: { '@portico/schemas': ['defineTask', 'image', 'type Output'], zod: ['z'] },
    body: `/** How to embed. */
export const ${type}Params = z.object({
  normalize: z.boolean().default(true).describe('Scales the vector to length 1, so that the dot product of two is their cosine similarity.'),
});

/** The vector of a picture. */
export const ${type}Result = z
  .object({ dimensions: z.int().positive().describe('Length of the vector.'), embedding: z.array(z.number()) })
  .meta({ id: '${type}Result', examples: [{ dimensions: 3, embedding: [0.36, -0.48, 0.8] }] });

/** Turn a picture into a vector. */
export const ${constant} = defineTask({
  name: '${task}',
  summary: 'Turn a picture into a vector that is close to those of similar pictures.',
  accepts: image(),
  params: ${type}Params,
  output: ${type}Result,
});

export type ${type}Result = Output<typeof ${constant}>;
`,
  };
}
