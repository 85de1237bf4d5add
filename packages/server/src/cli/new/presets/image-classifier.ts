import { type GeneratedModel, memoryFor, type Names, type Preset } from '../preset.ts';
import { code } from '../quote.ts';
import { chooseImageInput, imageFlags, imageTensor, isOfLines } from './image-input.ts';
import { chooseFit, fitFlags, imageModel } from './image-model.ts';
import { chooseLabels, labelsCode, labelSchema, labelsFlag } from './labels.ts';
import { chooseNormalisation } from './normalisation.ts';
import { samplePicture } from './samples.ts';
import {
  chooseOutput,
  chooseScores,
  classCount,
  outputFlag,
  outputMember,
  scoreOutputs,
  scoresFlag,
} from './scores.ts';

/** How many classes an output names unless a client asks for more. */
const defaultTop = 5;

/** One picture in, a score for each class out. */
export const imageClassifier: Preset = {
  name: 'image-classifier',
  summary: 'a picture in, the most probable classes out',
  flags: { ...imageFlags, ...fitFlags, labels: labelsFlag, output: outputFlag, scores: scoresFlag },
  fits: (file) => {
    const [output] = scoreOutputs(file);
    const image = imageTensor(file);
    if (image === undefined || isOfLines(image) || output === undefined || file.outputs.length > 3) return 0;
    // Lines of text have steps rather than classes; a vector that is not the scores of classes is an embedding.
    if (classCount(output) === undefined) return 0.2;
    return /embed|feature/i.test(output.name) ? 0.4 : 0.8;
  },
  async write(context) {
    const { names, file } = context;
    const output = await chooseOutput(context, scoreOutputs(file), 'a score for each class');
    const image = await chooseImageInput(context, { side: 224 });
    const isYolo = file.metadata['task'] === 'classify';
    const normalisation = await chooseNormalisation(context, image, {
      isUsual: isYolo,
      normalize:
        isYolo || image.channels === 1 ? 'zero-to-one' : image.layout === 'nchw' ? 'imagenet' : 'minus-one-to-one',
      channels: 'rgb',
    });
    const fitted = await chooseFit(context, image);
    const scores = await chooseScores(context, output);
    const labels = await chooseLabels(context, classCount(output));
    const top = Math.min(defaultTop, labels.value.length);
    return {
      contract: contract(names, labels, top),
      model: imageModel({
        names,
        image,
        normalisation,
        fitted,
        member: outputMember(output),
        result: 'resultOf(values, params.top)',
        declared: postprocessing(names, scores.expression),
        contractImports: [`${names.task}Labels`, `type ${names.type}Result`],
        serverImports: ['highestScores', ...scores.imports],
      }),
      assets: { 'sample.png': samplePicture() },
      sample: { file: 'sample.png', mediaType: 'image/png' },
      settings: { memoryMegabytes: memoryFor(file.bytes), ...(image.isBatchable ? { maxBatchSize: 'measured' } : {}) },
      packages: { '@portico/media': true },
      checks: [
        `assert.equal(output.labels.length, ${top});`,
        'assert.deepEqual(output.labels, output.labels.toSorted((one, other) => other.score - one.score));',
      ],
      explains: [
        `${fitted.explained} ${image.width} × ${image.height} pixels; ${normalisation.explained}.`,
        scores.explained,
        'The output has the classes with the highest scores, the highest first; the parameter top says how many.',
      ],
    } satisfies GeneratedModel;
  },
};

function contract(
  names: Names,
  labels: { readonly value: readonly string[]; readonly assumed: boolean },
  top: number,
): GeneratedModel['contract'] {
  const { type, task, constant } = names;
  const count = labels.value.length;
  return {
    imports: { '@portico/schemas': ['defineTask', 'image', 'type Output'], zod: ['z'] },
    body: `${labelsCode(names, labels)}

/** The classes of a picture. */
export const ${type}Result = z
  .object({
    labels: z
      .array(
        z.object({
          label: ${labelSchema(names, labels.value)},
          score: z.number().min(0).max(1).describe('Probability, 0 to 1.'),
        }),
      )
      .describe('The most probable first.'),
  })
  .meta({ id: '${type}Result', examples: [{ labels: [{ label: ${code(labels.value[0] ?? '')}, score: 0.9 }] }] });

/** How many classes to return. */
export const ${type}Params = z.object({
  top: z.int().min(1).max(${count}).default(${top}).describe('Number of classes to return.'),
});

/** Say what is in a picture. */
export const ${constant} = defineTask({
  name: '${task}',
  summary: 'Say what is in a picture: the most probable of ${count} classes.',
  accepts: image(),
  params: ${type}Params,
  output: ${type}Result,
});

export type ${type}Result = Output<typeof ${constant}>;
`,
  };
}

const postprocessing = ({ task, type }: Names, scores: string): string =>
  `/** Postprocessing: the classes with the highest of the network's scores. */
function resultOf(scores: Float32Array, top: number): ${type}Result {
  const labels = highestScores(${scores}, top).flatMap(({ index, score }) => {
    const label = ${task}Labels[index];
    // Rounding may take a probability a little beyond 1.
    return label === undefined ? [] : [{ label, score: Math.min(1, Math.max(0, score)) }];
  });
  return { labels };
}
`;
