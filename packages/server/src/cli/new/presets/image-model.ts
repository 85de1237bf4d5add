import { oneOf } from '../choices.ts';
import type { Flag, GeneratedModel, Names, PresetContext } from '../preset.ts';
import { commentLines, key } from '../quote.ts';
import { chooseKernel, imageCode, type ImageInput } from './image-input.ts';
import { type Normalisation, normalisationCode } from './normalisation.ts';

type Fit = 'crop' | 'stretch' | 'letterbox';

export const fitFlags = {
  fit: {
    value: 'NAME',
    about: 'How a picture becomes what the network sees: crop (the middle), stretch, or letterbox.',
  },
  resize: {
    value: 'PIXELS',
    about: 'With --fit crop: length of the shorter side before the middle is cut out, such as 256.',
  },
} as const satisfies Record<string, Flag>;

/** How `picture`, as large as the network sees it, is made of `image` in the generated code. */
export interface FitCode {
  readonly statement: string;
  /** Of '@portico/media/image'. */
  readonly imports: readonly string[];
  readonly assumed: readonly string[];
  readonly explained: string;
}

export async function chooseFit(context: PresetContext, { width, height }: ImageInput): Promise<FitCode> {
  const side = Math.min(width, height);
  const { value: fit, assumed } = await context.choose<Fit>({
    flag: 'fit',
    question: 'Is the middle of a picture cut out (crop), or all of it stretched or letterboxed',
    parse: (text) => oneOf(text, ['crop', 'stretch', 'letterbox']),
    fallback: 'crop',
  });
  const { value: shorter } = await context.choose<number>({
    flag: 'resize',
    question: 'How long is the shorter side of a picture before its middle is cut out',
    parse: (text) => {
      if (!/^\d{1,5}$/.test(text) || Number(text) < side)
        throw new Error(`${text} is not a whole number from ${side}.`);
      return Number(text);
    },
    known: side,
  });
  return {
    ...fits(fit, { side, shorter, kernel: await chooseKernel(context, 'linear') }),
    assumed: assumed
      ? ['Assumed: the middle of the picture. The documentation of the model says it; --fit, --resize.']
      : [],
  };
}

function fits(
  fit: Fit,
  { side, shorter, kernel }: { readonly side: number; readonly shorter: number; readonly kernel: 'linear' | 'open-cv' },
): Omit<FitCode, 'assumed'> {
  const other = kernel === 'linear' ? '' : `, kernel: '${kernel}'`;
  if (fit === 'crop') {
    const share = shorter > side ? `, share: ${side} / ${shorter}` : '';
    return {
      statement: `const picture = await coverImage(image, { ...size${share}${other} });`,
      imports: ['coverImage'],
      explained: 'The middle of the picture is scaled to',
    };
  }
  return fit === 'stretch'
    ? {
        statement: `const picture = await resizeImage(image, { ...size, kernel: '${kernel}' });`,
        imports: ['resizeImage'],
        explained: 'The whole picture is stretched to',
      }
    : {
        statement: `const { image: picture } = await letterbox(image, ${other === '' ? 'size' : `{ ...size${other} }`});`,
        imports: ['letterbox'],
        explained: 'The whole picture is fitted into a black canvas of',
      };
}

/** What a network makes of a picture, and how that becomes an output. */
export interface ImageModelParts {
  readonly names: Names;
  readonly image: ImageInput;
  readonly normalisation: Normalisation;
  readonly fitted: FitCode;
  /** The output in the code: `outputs.scores`. */
  readonly member: string;
  /** An expression of the result, of `values` and `params`. */
  readonly result: string;
  /** Declares what the expression needs. */
  readonly declared: string;
  /** Of './contract.ts' and '@portico/server/model'. */
  readonly contractImports: readonly string[];
  readonly serverImports: readonly string[];
}

/** The model of a task that takes a picture and makes a result of one vector. */
export function imageModel(parts: ImageModelParts): GeneratedModel['model'] {
  const { names, image, normalisation, fitted } = parts;
  const values = imageCode(image);
  const run = image.isBatchable ? batchedRun(parts) : singleRun(parts);
  return {
    imports: {
      '@portico/media/image': [
        'decodeImage',
        'sharp',
        'type Normalisation',
        ...fitted.imports,
        ...values.imports,
        ...normalisation.imports,
      ],
      '@portico/server/model': ['defineModel', 'Tensor', 'weightPath', ...parts.serverImports, ...run.imports],
      './contract.ts': [names.constant, ...parts.contractImports],
      './signature.ts': ['signature'],
    },
    body: `/** What the network sees, in pixels. */
const size = { width: ${image.width}, height: ${image.height} };
${normalisationCode(normalisation)}

export default defineModel(${names.constant}, {
  // Runs once, before the replica is ready.
  async load({ weights, createSession, maxImagePixels }) {
    const session = await createSession(weightPath(weights, 'network'), signature);
    return { session, maxImagePixels };
  },

${run.body}

  // The run that decides whether the replica is ready.
  async warmUp() {
    const grey = sharp({ create: { width: 320, height: 240, channels: 3, background: '#777' } });
    return { file: { data: await grey.png().toBuffer(), mediaType: 'image/png' }, params: ${names.constant}.params.parse({}) };
  },
});

/** Preprocessing: what the network takes, of an encoded picture. A file that is no picture fails by itself, with what is wrong with it. */
async function inputOf(file: Uint8Array, maxPixels: number): Promise<${image.type === 'uint8' ? 'Uint8Array' : 'Float32Array'}> {
  const image = await decodeImage(file, { maxPixels });
  ${commentLines(fitted.assumed)}${fitted.statement}
  return ${values.values};
}

${parts.declared}`,
  };
}

interface RunCode {
  readonly body: string;
  /** Of '@portico/server/model'. */
  readonly imports: readonly string[];
}

const batchedRun = ({ image, member, result }: ImageModelParts): RunCode => ({
  imports: ['joinRows', 'rowsOfTensor', 'runTogether'],
  body: `  // All inputs of a batch in one run: the tensors have a batch axis. maxBatchSize in index.ts bounds it.
  run: (inputs, { loaded: { session, maxImagePixels }, signal }) =>
    runTogether(inputs, {
      signal,
      prepare: ({ file }) => inputOf(file.data, maxImagePixels),
      async run(rows) {
        const outputs = await session.run({
          ${key(image.name)}: new Tensor('${image.type}', joinRows(rows), ${imageCode(image).shape('rows.length')}),
        });
        return rowsOfTensor(${member});
      },
      finish: (values, { params }) => ${result},
    }),`,
});

const singleRun = ({ image, member, result }: ImageModelParts): RunCode => ({
  imports: ['runEach'],
  body: `  // One input after another: the graph takes one picture at a time.
  run: (inputs, { loaded: { session, maxImagePixels }, signal }) =>
    runEach(inputs, signal, async ({ file, params }) => {
      const outputs = await session.run({
        ${key(image.name)}: new Tensor('${image.type}', await inputOf(file.data, maxImagePixels), ${imageCode(image).shape('1')}),
      });
      const values = ${member}.data;
      return ${result};
    }),`,
});
