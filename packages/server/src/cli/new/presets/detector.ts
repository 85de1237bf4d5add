import { CommandLineError } from '../../command.ts';
import { oneOf } from '../choices.ts';
import { type GeneratedModel, memoryFor, type Names, type Preset } from '../preset.ts';
import { code, key } from '../quote.ts';
import { chooseForm, detectorForm, type FormCode, formFlags } from './detector-form.ts';
import {
  chooseImageInput,
  chooseKernel,
  imageCode,
  imageFlags,
  type ImageInput,
  imageTensor,
  isOfLines,
} from './image-input.ts';
import { chooseLabels, labelsCode, labelSchema, labelsFlag } from './labels.ts';
import { chooseNormalisation, type Normalisation, normalisationCode } from './normalisation.ts';
import { samplePicture } from './samples.ts';
import { scoresFlag } from './scores.ts';

type Fit = 'letterbox' | 'top-left' | 'stretch';

/** What YOLO networks are trained with. */
const yoloGrey = 114;
const defaultMinScore = 0.25;
const maxOverlap = 0.45;

/** One picture in, boxes out. */
export const detector: Preset = {
  name: 'detector',
  summary: 'a picture in, the objects in it out: box, class and score',
  flags: {
    ...imageFlags,
    ...formFlags,
    labels: labelsFlag,
    scores: scoresFlag,
    fit: { value: 'NAME', about: 'How a picture is fitted: letterbox (in the middle), top-left, or stretch.' },
    pad: { value: 'GREY', about: 'What surrounds the picture, 0 (black) to 255; 114 for most YOLO networks.' },
  },
  fits: (file) => {
    const image = imageTensor(file);
    return image !== undefined && !isOfLines(image) && detectorForm(file, undefined) !== undefined ? 0.9 : 0;
  },
  async write(context) {
    const { names, file } = context;
    const image = await chooseImageInput(context, { side: 640 });
    const form = await chooseForm(context, image);
    const normalisation = await chooseNormalisation(context, image, {
      normalize: form.form === 'yolox' ? 'none' : 'zero-to-one',
      channels: form.form === 'yolox' ? 'bgr' : 'rgb',
      isUsual: form.form.startsWith('yolo'),
    });
    const fit = await context.choose<Fit>({
      flag: 'fit',
      question:
        'Does a picture lie in the middle of what the network sees (letterbox), in its top-left corner, or stretched over it',
      parse: (text) => oneOf(text, ['letterbox', 'top-left', 'stretch']),
      known: form.form === 'yolox' ? 'top-left' : form.form.endsWith('boxes') ? 'stretch' : 'letterbox',
    });
    const pad = await context.choose<number>({
      flag: 'pad',
      question: 'Which grey surrounds the picture, 0 to 255',
      parse: (text) => {
        if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw new Error(`${text} is not a grey from 0 to 255.`);
        return Number(text);
      },
      known: form.form.endsWith('boxes') ? 0 : yoloGrey,
    });
    const kernel = await chooseKernel(context, form.form.endsWith('boxes') ? 'linear' : 'open-cv');
    const labels = await chooseLabels(context, form.classes);
    if (labels.value.length === 0) throw new CommandLineError('--labels: the file holds no names.');
    return {
      contract: contract(names, labels),
      model: model({ names, image, normalisation, form, fit: fit.value, pad: pad.value, kernel }),
      assets: { 'sample.png': samplePicture() },
      sample: { file: 'sample.png', mediaType: 'image/png' },
      settings: { memoryMegabytes: memoryFor(file.bytes) },
      packages: { '@portico/media': true },
      checks: [
        'assert.deepEqual([output.width, output.height].map((length) => length > 0), [true, true]);',
        'assert.deepEqual(output.objects, output.objects.toSorted((one, other) => other.score - one.score));',
      ],
      explains: [
        `The picture is fitted into ${image.width} × ${image.height} pixels (${fit.value}); ${normalisation.explained}.`,
        form.explained,
        'Boxes are mapped back to pixels of the picture as it was sent, upright; the parameters are the lowest score and the number of objects.',
      ],
    } satisfies GeneratedModel;
  },
};

function contract(
  names: Names,
  { value: labels, assumed }: { readonly value: readonly string[]; readonly assumed: boolean },
): GeneratedModel['contract'] {
  const { type, task, constant } = names;
  return {
    imports: { '@portico/schemas': ['Box', 'defineTask', 'image', 'type Output'], zod: ['z'] },
    body: `${labelsCode(names, { value: labels, assumed })}

/** Something in a picture. */
export const ${type}Object = z
  .object({
    label: ${labelSchema(names, labels)},
    score: z.number().min(0).max(1).describe('Confidence, 0 to 1.'),
    box: Box,
  })
  .meta({ id: '${type}Object' });

/** The objects in a picture. */
export const ${type}Result = z
  .object({
    width: z.int().positive().describe('Width of the upright original in pixels.'),
    height: z.int().positive().describe('Height of the upright original in pixels.'),
    objects: z.array(${type}Object).describe('The surest first.'),
  })
  .meta({
    id: '${type}Result',
    examples: [
      {
        width: 640,
        height: 480,
        objects: [{ label: ${code(labels[0] ?? '')}, score: 0.9, box: { x: 250, y: 120, width: 140, height: 140 } }],
      },
    ],
  });

/** Which objects to return. */
export const ${type}Params = z.object({
  minScore: z.number().min(0.01).max(1).default(${defaultMinScore}).describe('Objects with a lower score are left out, 0.01 to 1.'),
  maxObjects: z.int().min(1).max(1000).default(100).describe('Maximum number of objects; the surest are returned.'),
});

/** Find the objects in a picture. */
export const ${constant} = defineTask({
  name: '${task}',
  summary: 'Find objects of ${labels.length === 1 ? 'one class' : `${labels.length} classes`} in a picture.',
  accepts: image(),
  params: ${type}Params,
  output: ${type}Result,
});

export type ${type}Result = Output<typeof ${constant}>;
`,
  };
}

interface ModelParts {
  readonly names: Names;
  readonly image: ImageInput;
  readonly normalisation: Normalisation;
  readonly form: FormCode;
  readonly fit: Fit;
  readonly pad: number;
  readonly kernel: 'linear' | 'open-cv';
}

function model({ names, image, normalisation, form, fit, pad, kernel }: ModelParts): GeneratedModel['model'] {
  const { task, type, constant } = names;
  const values = imageCode(image);
  const placed = { letterbox: '', 'top-left': ", position: 'top-left'", stretch: ", fit: 'fill'" }[fit];
  const padded = pad === 0 || fit === 'stretch' ? '' : `, padColour: [${pad}, ${pad}, ${pad}]`;
  const scaled = kernel === 'linear' ? '' : `, kernel: '${kernel}'`;
  const kept = form.suppresses
    ? 'suppressByClass(found, { maxOverlap, maxCount: params.maxObjects })'
    : 'found.toSorted((one, other) => other.score - one.score).slice(0, params.maxObjects)';
  return {
    imports: {
      '@portico/media/image': [
        'boxOnOriginal',
        'decodeImage',
        'letterbox',
        'sharp',
        'type Normalisation',
        ...(form.suppresses ? ['suppressByClass'] : []),
        ...form.imports,
        ...values.imports,
        ...normalisation.imports,
      ],
      '@portico/server/model': ['defineModel', 'runEach', 'Tensor', 'weightPath', ...(form.serverImports ?? [])],
      './contract.ts': [`${task}Labels`, constant, `type ${type}Result`],
      './signature.ts': ['signature'],
    },
    body: `/** What the network sees, in pixels. */
const size = { width: ${image.width}, height: ${image.height} };
${normalisationCode(normalisation)}
${form.suppresses ? `/** Intersection over union above which two boxes of one class are one object. */\nconst maxOverlap = ${maxOverlap};` : ''}

export default defineModel(${constant}, {
  // Runs once, before the replica is ready.
  async load({ weights, createSession, maxImagePixels }) {
    const session = await createSession(weightPath(weights, 'network'), signature);
    return { session, maxImagePixels };
  },

  run: (inputs, { loaded: { session, maxImagePixels }, signal }) =>
    runEach(inputs, signal, async ({ file, params }): Promise<${type}Result> => {
      // Preprocessing. A file that is no picture fails by itself, with what is wrong with it.
      const image = await decodeImage(file.data, { maxPixels: maxImagePixels });
      const canvas = await letterbox(image, { ...size${placed}${padded}${scaled} });
      const picture = canvas.image;

      const outputs = await session.run({
        ${key(image.name)}: new Tensor('${image.type}', ${values.values}, ${values.shape('1')}),
      });

      // Postprocessing: boxes in pixels of the canvas, mapped back to the picture.
      const { minScore } = params;
      const found = ${form.expression};
      const kept = ${kept};
      return {
        ...image.original,
        objects: kept.flatMap(({ box, score, classIndex }) => {
          const label = ${task}Labels[classIndex];
          // A class without a name is none that the labels know.
          return label === undefined ? [] : [{ label, score: Math.min(1, score), box: boxOnOriginal(canvas, box) }];
        }),
      };
    }),

  // The run that decides whether the replica is ready: a grey picture, and all boxes of it.
  async warmUp() {
    const grey = sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } });
    const params = ${constant}.params.parse({ minScore: 0.01 });
    return { file: { data: await grey.png().toBuffer(), mediaType: 'image/png' }, params };
  },
});
`,
  };
}
