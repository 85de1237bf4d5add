import { CommandLineError } from '../../command.ts';
import { oneOf } from '../choices.ts';
import type { PresetContext } from '../preset.ts';
import { commentLines } from '../quote.ts';
import type { ImageInput } from './image-input.ts';

/** How pixels become values, as an expression of the generated code. */
export interface Normalisation {
  readonly expression: string;
  /** Of '@portico/media/image'. */
  readonly imports: readonly string[];
  /** A comment's lines, without its slashes. */
  readonly assumed: readonly string[];
  readonly explained: string;
}

const named = {
  'zero-to-one': { name: 'zeroToOne', explained: 'black is 0 and white is 1' },
  'minus-one-to-one': { name: 'minusOneToOne', explained: 'black is -1 and white is 1' },
  imagenet: { name: 'imageNet', explained: "normalised with ImageNet's mean and deviation" },
  none: { name: 'byteValues', explained: 'values from 0 to 255' },
} as const;

export interface NormalisationDefaults {
  readonly normalize: keyof typeof named;
  readonly channels: 'rgb' | 'bgr';
  /** Whether this kind of network has no other, so that there is no question. */
  readonly isUsual?: boolean;
}

export async function chooseNormalisation(
  context: PresetContext,
  image: ImageInput,
  defaults: NormalisationDefaults,
): Promise<Normalisation> {
  const order = await chooseOrder(context, image, defaults);
  const normalisation = await chooseValues(context, image, order, defaults);
  if (image.channels === 1) return normalisation;
  return { ...normalisation, explained: `${normalisation.explained}; ${order === 'rgb' ? 'red' : 'blue'} comes first` };
}

async function chooseValues(
  context: PresetContext,
  image: ImageInput,
  order: 'rgb' | 'bgr',
  defaults: NormalisationDefaults,
): Promise<Normalisation> {
  if (image.type === 'uint8') return { ...spelled('byteValues', order), assumed: [], explained: 'bytes from 0 to 255' };
  const given = await chooseMean(context, order);
  if (given !== undefined) return { ...given, assumed: [] };
  const { value, assumed } = await context.choose({
    flag: 'normalize',
    question: 'Which values does the network expect: zero-to-one, minus-one-to-one, imagenet, none (0 to 255)',
    parse: (text) => oneOf(text, Object.keys(named) as (keyof typeof named)[]),
    ...(defaults.isUsual === true ? { known: defaults.normalize } : {}),
    fallback: defaults.normalize,
  });
  const { name, explained } = named[value];
  return {
    ...spelled(name, order),
    assumed: assumed
      ? [`Assumed: ${value}. The documentation of the model says it; --normalize, or --mean and --std.`]
      : [],
    explained,
  };
}

async function chooseOrder(
  context: PresetContext,
  { channels }: ImageInput,
  defaults: NormalisationDefaults,
): Promise<'rgb' | 'bgr'> {
  const { value } = await context.choose<'rgb' | 'bgr'>({
    flag: 'channels',
    question: 'Does red come first (rgb) or blue (bgr)',
    parse: (text) => oneOf(text, ['rgb', 'bgr']),
    // Nearly all networks take RGB: not worth a question.
    known: defaults.channels,
  });
  return channels === 1 ? 'rgb' : value;
}

const spelled = (name: string, order: 'rgb' | 'bgr'): Pick<Normalisation, 'expression' | 'imports'> => ({
  expression: order === 'rgb' ? name : `{ ...${name}, channelOrder: 'bgr' }`,
  imports: [name],
});

async function chooseMean(
  context: PresetContext,
  order: 'rgb' | 'bgr',
): Promise<Omit<Normalisation, 'assumed'> | undefined> {
  const { value: mean } = await context.choose<Triple | null>({
    flag: 'mean',
    question: 'The mean of each channel',
    parse: triple,
    known: null,
  });
  const { value: deviation } = await context.choose<Triple | null>({
    flag: 'std',
    question: 'The standard deviation of each channel',
    parse: triple,
    known: null,
  });
  if (mean === null && deviation !== null) throw new CommandLineError('--std goes with --mean.');
  if (mean === null) return undefined;
  // Means of pixels from 0 to 255, as Caffe's networks have them, come with a deviation of 1 unless another is given.
  const ofBytes = mean.some((value) => value > 1);
  const inRgb = (values: Triple): string => {
    const [first, second, third] = values.map((value) => (ofBytes ? `${value} / 255` : String(value))) as [
      string,
      string,
      string,
    ];
    return order === 'rgb' ? `[${first}, ${second}, ${third}]` : `[${third}, ${second}, ${first}]`;
  };
  const bgr = order === 'bgr' ? ", channelOrder: 'bgr'" : '';
  return {
    expression: `{ mean: ${inRgb(mean)}, deviation: ${inRgb(deviation ?? [1, 1, 1])}${bgr} }`,
    imports: [],
    explained: `normalised with the mean ${mean.join(', ')} and the deviation ${(deviation ?? [1, 1, 1]).join(', ')}`,
  };
}

type Triple = readonly [number, number, number];

function triple(text: string): Triple {
  const values = text.split(',').map((value) => Number(value.trim()));
  const [first, second = first, third = first] = values;
  if (![1, 3].includes(values.length) || !values.every((value) => Number.isFinite(value) && value >= 0))
    throw new Error(`${text} is not three numbers with commas, such as 0.485,0.456,0.406.`);
  return [first!, second!, third!];
}

/** Declares `normalisation`; its type is that of '@portico/media/image'. */
export const normalisationCode = ({ assumed, expression }: Normalisation): string =>
  `/** How the network was trained to see a pixel. */\n${commentLines(assumed)}const normalisation: Normalisation = ${expression};`;
