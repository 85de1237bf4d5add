import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import { oneOf } from '../choices.ts';
import type { Flag, PresetContext } from '../preset.ts';
import { code } from '../quote.ts';

/** A picture as a network takes it. */
export interface ImageInput {
  readonly name: string;
  readonly type: 'float32' | 'uint8';
  readonly layout: Layout;
  readonly channels: 1 | 3;
  readonly width: number;
  readonly height: number;
  /** Whether several pictures can go into one run. */
  readonly isBatchable: boolean;
}

type Layout = 'nchw' | 'nhwc';

interface Size {
  readonly width: number;
  readonly height: number;
}

export const imageFlags = {
  size: {
    value: 'WxH',
    about: 'Pixels that the network sees, such as 224x224; only where the graph leaves them open.',
  },
  layout: {
    value: 'NAME',
    about: 'nchw (channels first) or nhwc (channels last); only where the graph leaves it open.',
  },
  normalize: {
    value: 'NAME',
    about: 'Which values the network expects: zero-to-one, minus-one-to-one, imagenet, or none for 0 to 255.',
  },
  mean: {
    value: 'A,B,C',
    about: 'Mean of each channel instead of --normalize, 0 to 1 or 0 to 255, in the order of --channels.',
  },
  std: { value: 'A,B,C', about: 'Standard deviation of each channel, with --mean. 1 by default.' },
  kernel: {
    value: 'NAME',
    about:
      'How pictures are scaled: linear averages where they shrink, as Pillow and torchvision do; open-cv does not.',
  },
  channels: {
    value: 'NAME',
    about: 'Order of the channels: rgb, or bgr for networks that were trained with OpenCV or Caffe.',
  },
} as const satisfies Record<string, Flag>;

/** The one input that can be a picture: four axes, one or three channels. */
export function imageTensor({ inputs }: OnnxFile): GraphTensor | undefined {
  const [tensor, ...others] = inputs;
  if (tensor === undefined || others.length > 0) return undefined;
  const { shape = [], type } = tensor;
  if (shape.length !== 4 || !['float32', 'uint8'].includes(type)) return undefined;
  const isOpen = shape.slice(1).every((length) => typeof length !== 'number');
  return layoutOf(shape) === undefined && !isOpen ? undefined : tensor;
}

/** Whether pictures have a fixed height and any width, or the other way round: lines of text rather than scenes. */
export const isOfLines = ({ shape = [] }: GraphTensor): boolean =>
  shape.slice(1).filter((length) => typeof length !== 'number').length === 1;

export interface ImageDefaults {
  /** Where neither the graph nor its metadata says it. */
  readonly side: number;
}

/** @throws {CommandLineError} when the graph takes no picture. */
export async function chooseImageInput(context: PresetContext, { side }: ImageDefaults): Promise<ImageInput> {
  const tensor = imageTensor(context.file);
  if (tensor === undefined)
    throw new CommandLineError(
      'The network takes no picture: expected one input of float32 or uint8 with four axes, of which one has 1 or 3 channels. ' +
        'Use --preset raw, or make a graph with float32 inputs.',
    );
  const shape = tensor.shape ?? [];
  const known = layoutOf(shape);
  const { value: layout } = await context.choose<Layout>({
    flag: 'layout',
    question: 'Do the channels come first (nchw) or last (nhwc)',
    parse: (text) => oneOf(text, ['nchw', 'nhwc']),
    ...(known === undefined ? {} : { known }),
    fallback: 'nchw',
  });
  const [channels, height, width] = layout === 'nchw' ? [shape[1], shape[2], shape[3]] : [shape[3], shape[1], shape[2]];
  const size = await chooseSize(context, { width, height }, side);
  if (known !== undefined && layout !== known)
    throw new CommandLineError(
      `--layout: the graph's input ${code(tensor.name)} has its channels ${known === 'nchw' ? 'first' : 'last'}.`,
    );
  return {
    name: tensor.name,
    type: tensor.type === 'uint8' ? 'uint8' : 'float32',
    layout,
    channels: channels === 1 ? 1 : 3,
    ...size,
    isBatchable: typeof shape[0] !== 'number',
  };
}

async function chooseSize(
  context: PresetContext,
  { width, height }: { width: number | string | null | undefined; height: number | string | null | undefined },
  side: number,
): Promise<Size> {
  const ofGraph =
    typeof width === 'number' && typeof height === 'number' ? { width, height } : sizeInMetadata(context.file.metadata);
  const { value } = await context.choose<Size>({
    flag: 'size',
    question: 'How many pixels does the network see, such as 224x224',
    parse: parseSize,
    ...(ofGraph === undefined ? {} : { known: ofGraph }),
    fallback: {
      width: typeof width === 'number' ? width : side,
      height: typeof height === 'number' ? height : side,
    },
    show: (size) => `${size.width}x${size.height}`,
  });
  for (const [given, length] of [
    [value.width, width],
    [value.height, height],
  ] as const) {
    if (typeof length === 'number' && given !== length)
      throw new CommandLineError(
        `--size: the graph takes pictures that are ${pixels(width)} wide and ${pixels(height)} high.`,
      );
  }
  return value;
}

const pixels = (length: number | string | null | undefined): string =>
  `${typeof length === 'number' ? length : 'any number of'} pixels`;

/** `[320, 320]`, height first, as Ultralytics writes it. */
function sizeInMetadata({ imgsz }: Readonly<Record<string, string>>): Size | undefined {
  const [, height, width] = /^\[\s*(\d{1,5})\s*,\s*(\d{1,5})\s*\]$/.exec(imgsz ?? '') ?? [];
  return height === undefined || width === undefined ? undefined : parseSize(`${width}x${height}`);
}

function parseSize(text: string): Size {
  const [, width, height = width] = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const size = { width: Number(width), height: Number(height) };
  const isUsable = (length: number): boolean => length >= 1 && length <= 8_192;
  if (!isUsable(size.width) || !isUsable(size.height))
    throw new Error(`${text} is not a width and a height of 1 to 8192 pixels, such as 224x224.`);
  return size;
}

function layoutOf(shape: readonly (number | string | null)[]): Layout | undefined {
  const isChannels = (length: number | string | null | undefined): boolean => length === 1 || length === 3;
  const [first, last] = [isChannels(shape[1]), isChannels(shape[3])];
  if (first === last) return undefined;
  return first ? 'nchw' : 'nhwc';
}

/** How pictures are scaled; what is usual is not worth a question. */
export const chooseKernel = async (context: PresetContext, usual: Kernel): Promise<Kernel> =>
  (
    await context.choose<Kernel>({
      flag: 'kernel',
      question: 'How are pictures scaled: linear or open-cv',
      parse: (text) => oneOf(text, ['linear', 'open-cv']),
      known: usual,
    })
  ).value;

type Kernel = 'linear' | 'open-cv';

/** The values of a picture for the network, and the shape of so many of them, as expressions of the generated code. */
export function imageCode({ type, layout, channels }: ImageInput): {
  /** `picture` is an `RgbImage`. */
  readonly values: string;
  /** Of '@portico/media/image'. */
  readonly imports: readonly string[];
  readonly shape: (rows: string) => string;
} {
  const ofRows = (rows: string): string =>
    layout === 'nchw'
      ? `[${rows}, ${channels}, size.height, size.width]`
      : `[${rows}, size.height, size.width, ${channels}]`;
  const name = channels === 1 ? 'greyPlane' : layout === 'nchw' ? 'channelPlanes' : 'interleavedValues';
  const floats = `${name}(picture, normalisation)`;
  return { values: type === 'uint8' ? `Uint8Array.from(${floats})` : floats, imports: [name], shape: ofRows };
}
