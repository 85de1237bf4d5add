import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import { oneOf } from '../choices.ts';
import type { PresetContext } from '../preset.ts';
import { code } from '../quote.ts';
import type { ImageInput } from './image-input.ts';
import { chooseScores, outputMember } from './scores.ts';

const yoloForms = ['yolo', 'yolo-objectness', 'yolox'] as const;
const forms = [...yoloForms, 'end-to-end', 'boxes', 'scored-boxes'] as const;
/**
 * How a detector says what it has found; `boxes` has outputs of their own for boxes, scores and classes, `scored-boxes` for boxes and the
 * scores of all classes.
 */
export type DetectorForm = (typeof forms)[number];

const boxFormats = { corners: 'corners', 'corners-yx': 'cornersYx', centre: 'centre' } as const;
type BoxFormat = keyof typeof boxFormats;

export const formFlags = {
  form: {
    value: 'FORM',
    about:
      'What the network returns: yolo (YOLOv8 to v11), yolo-objectness (v5, v7), yolox, end-to-end (suppression in the graph), or boxes ' +
      '(outputs of their own for boxes, scores and classes), or scored-boxes (for boxes and the scores of all classes, as DETR).',
  },
  box: {
    value: 'FORMAT',
    about: 'With outputs of their own: corners (x y x y), corners-yx (y x y x), or centre (x y width height).',
  },
  'box-unit': {
    value: 'UNIT',
    about: 'With outputs of their own: pixels of what the network sees, or share (0 to 1 of it).',
  },
  'first-class': {
    value: 'NUMBER',
    about: 'With outputs of their own: the number of the first class; often 1, because 0 is the background.',
  },
} as const;

/** Outputs with one entry for each object. */
interface SeparateOutputs {
  readonly boxes: GraphTensor;
  readonly scores: GraphTensor;
  readonly classes: GraphTensor;
  readonly count: GraphTensor | undefined;
}

/** Why the outputs are those of a detector; undefined when they are not. */
export function detectorForm(
  file: OnnxFile,
  image: Pick<ImageInput, 'width' | 'height'> | undefined,
): DetectorForm | undefined {
  if (separateOutputs(file) !== undefined) return 'boxes';
  if (scoredOutputs(file) !== undefined) return 'scored-boxes';
  const output = matrixOutput(file);
  if (output === undefined) return undefined;
  const [rows, columns] = (output.shape ?? []).slice(-2);
  const suppresses = file.operators.some(({ name }) => name === 'NonMaxSuppression' || name === 'EfficientNMS_TRT');
  if (typeof columns === 'number') {
    if (columns < 6) return undefined;
    const cells = image === undefined ? undefined : cellsOf(image);
    if (typeof rows === 'number' && rows < columns) return 'yolo';
    if (cells !== undefined && rows === cells) return 'yolox';
    if (cells !== undefined && rows === 3 * cells) return 'yolo-objectness';
    if (columns === 6 && (suppresses || typeof rows !== 'number' || rows <= 1_000)) return 'end-to-end';
    return 'yolo-objectness';
  }
  return typeof rows === 'number' && rows >= 5 ? 'yolo' : undefined;
}

/** Boxes that grids of 8, 16 and 32 pixels have. */
const cellsOf = ({ width, height }: Pick<ImageInput, 'width' | 'height'>): number =>
  [8, 16, 32].reduce((sum, stride) => sum + Math.floor(width / stride) * Math.floor(height / stride), 0);

/** The first output that is a matrix of boxes, a picture each. */
function matrixOutput({ outputs }: OnnxFile): GraphTensor | undefined {
  const [output] = outputs;
  const isMatrix = output?.type === 'float32' && output.shape?.length === 3;
  // Softmax is for steps of which each is one character or word.
  return isMatrix && output.operator !== 'Softmax' ? output : undefined;
}

function separateOutputs({ outputs }: OnnxFile): SeparateOutputs | undefined {
  const boxes = outputs.find(
    ({ shape, name, type }) =>
      type === 'float32' && shape !== undefined && shape.length >= 2 && (shape.at(-1) === 4 || /box/i.test(name)),
  );
  const rank = (boxes?.shape?.length ?? 0) - 1;
  const others = outputs.filter((output) => output !== boxes && output.shape?.length === rank);
  const classes = others.find(({ name, type }) => type.startsWith('int') || /class|label/i.test(name));
  const scores = others.find((output) => output !== classes && output.type === 'float32' && !/num/i.test(output.name));
  if (boxes === undefined || classes === undefined || scores === undefined) return undefined;
  const count = outputs.find(
    (output) => ![boxes, classes, scores].includes(output) && /num|count|valid/i.test(output.name),
  );
  return { boxes, scores, classes, count };
}

/** Two outputs, of a row a box each: four numbers, and a score for each class. */
function scoredOutputs({
  outputs,
}: OnnxFile): { readonly boxes: GraphTensor; readonly scores: GraphTensor } | undefined {
  const matrices = outputs.filter(({ type, shape }) => type === 'float32' && shape?.length === 3);
  const boxes = matrices.find(({ shape }) => shape?.[2] === 4);
  const scores = matrices.find((output) => output !== boxes && output.shape?.[1] === boxes?.shape?.[1]);
  return boxes === undefined || scores === undefined || outputs.length !== 2 ? undefined : { boxes, scores };
}

/** How the generated code reads what the network returns. */
export interface FormCode {
  readonly form: DetectorForm;
  /** An expression of the boxes in `outputs`, in pixels of the canvas; `minScore` is in scope. */
  readonly expression: string;
  /** Of '@portico/media/image'. */
  readonly imports: readonly string[];
  /** Of '@portico/server/model'. */
  readonly serverImports?: readonly string[];
  /** Whether boxes of one object are still to be suppressed. */
  readonly suppresses: boolean;
  /** As the graph says; undefined where it does not. */
  readonly classes: number | undefined;
  readonly explained: string;
}

/** @throws {CommandLineError} when the outputs are not those of a detector. */
export async function chooseForm(context: PresetContext, image: ImageInput): Promise<FormCode> {
  const { file } = context;
  const known = detectorForm(file, image);
  const { value: form } = await context.choose<DetectorForm>({
    flag: 'form',
    question: `What does the network return: ${forms.join(', ')}`,
    parse: (text) => oneOf(text, forms),
    ...(known === undefined ? {} : { known }),
  });
  if (form === 'boxes') return separateCode(context);
  if (form === 'scored-boxes') return scoredCode(context);
  const output = matrixOutput(file);
  if (output === undefined)
    throw new CommandLineError(`--form ${form} takes a network whose first output has three axes of float32.`);
  refuseOtherYolo(file);
  const member = outputMember(output);
  if (form === 'end-to-end') {
    return {
      form,
      expression: `readEndToEnd(${member}, { minScore, format: 'corners', scale: { width: 1, height: 1 } })`,
      imports: ['readEndToEnd'],
      suppresses: false,
      classes: undefined,
      explained: 'The graph returns corners, score and class of each object; suppression is in it.',
    };
  }
  const name = { yolo: 'classes', 'yolo-objectness': 'objectness', yolox: 'yolox' }[form];
  return {
    form,
    expression: `readYolo(${member}, { minScore, form: '${name}', canvas: size })`,
    imports: ['readYolo'],
    suppresses: true,
    classes: yoloClasses(output, form),
    explained: `The graph returns many boxes for each object, as ${form === 'yolo' ? 'YOLOv8 does' : form === 'yolox' ? 'YOLOX does' : 'YOLOv5 does'}; suppression keeps the best of each.`,
  };
}

/** Masks, landmarks and turned boxes stand where the scores of further classes would. */
function refuseOtherYolo({ metadata }: OnnxFile): void {
  const task = metadata['task'];
  if (task === 'segment' || task === 'pose' || task === 'obb')
    throw new CommandLineError(
      `The network is a YOLO for ${task}, and the preset reads boxes only. Use --preset raw, and write the rest in model.ts.`,
    );
}

function yoloClasses({ shape = [] }: GraphTensor, form: DetectorForm): number | undefined {
  const lengths = shape.slice(-2).filter((length) => typeof length === 'number');
  // The shorter axis is the one of values; alone, it is the one with a length.
  return lengths.length === 0 ? undefined : Math.min(...lengths) - (form === 'yolo' ? 4 : 5);
}

async function separateCode(context: PresetContext): Promise<FormCode> {
  const found = separateOutputs(context.file);
  if (found === undefined) throw noOutputs(context, 'boxes', 'boxes, scores and classes');
  // TensorFlow's detectors name their outputs so.
  const isTensorFlow = /detection_boxes/.test(found.boxes.name);
  const numbers = await chooseNumbers(context, {
    format: isTensorFlow ? 'corners-yx' : 'corners',
    unit: isTensorFlow ? 'share' : 'pixels',
    firstClass: 1,
    isKnown: isTensorFlow,
  });
  const { boxes, scores, classes, count } = found;
  const parts = [
    `boxes: ${outputMember(boxes)}.data`,
    `scores: ${outputMember(scores)}.data`,
    `classes: ${outputMember(classes)}.data`,
    ...(count === undefined ? [] : [`count: Number(${outputMember(count)}.data[0])`]),
    `firstClass: ${numbers.firstClass}`,
  ];
  return {
    form: 'boxes',
    expression: `readBoxes({ ${parts.join(', ')} }, { minScore, ${numbers.options} })`,
    imports: ['readBoxes'],
    suppresses: false,
    classes: undefined,
    explained: 'The graph returns boxes, scores and classes apart; suppression is in it.',
  };
}

async function scoredCode(context: PresetContext): Promise<FormCode> {
  const found = scoredOutputs(context.file);
  if (found === undefined)
    throw noOutputs(context, 'scored-boxes', 'boxes and the scores of their classes, a row a box each');
  const { boxes, scores } = found;
  // DETR and its successors name their outputs so.
  const isDetr = /^(pred_)?boxes$|^dets$/.test(boxes.name);
  const numbers = await chooseNumbers(context, {
    format: isDetr ? 'centre' : 'corners',
    unit: 'share',
    firstClass: isDetr ? 0 : 1,
    isKnown: isDetr,
  });
  const { expression, imports } = await chooseScores(context, scores);
  const probabilities = expression === 'scores' ? '' : `, probabilitiesOf: (scores) => ${expression}`;
  const data = `boxes: ${outputMember(boxes)}.data, scores: ${outputMember(scores)}.data, firstClass: ${numbers.firstClass}`;
  return {
    form: 'scored-boxes',
    expression: `readScoredBoxes({ ${data} }, { minScore, ${numbers.options}${probabilities} })`,
    imports: ['readScoredBoxes'],
    serverImports: imports,
    suppresses: true,
    classes: undefined,
    explained:
      'The graph returns boxes, and a score for each class of each box; suppression keeps the best of each object.',
  };
}

function noOutputs({ file }: PresetContext, form: DetectorForm, expected: string): CommandLineError {
  const names = file.outputs.map(({ name }) => code(name)).join(', ');
  return new CommandLineError(
    `--form ${form} takes outputs for ${expected}; the network has ${names}. Use --preset raw.`,
  );
}

interface BoxNumbers {
  readonly format: BoxFormat;
  readonly unit: 'pixels' | 'share';
  readonly firstClass: number;
  /** Whether the names of the outputs say so. */
  readonly isKnown: boolean;
}

/** What the numbers of boxes and classes mean, as options in the generated code. */
async function chooseNumbers(
  context: PresetContext,
  { isKnown, ...usual }: BoxNumbers,
): Promise<{ readonly options: string; readonly firstClass: number }> {
  const format = await context.choose<BoxFormat>({
    flag: 'box',
    question:
      'What are the four numbers of a box: corners (x y x y), corners-yx (y x y x) or centre (x y width height)',
    parse: (text) => oneOf(text, Object.keys(boxFormats) as BoxFormat[]),
    ...(isKnown ? { known: usual.format } : {}),
    fallback: usual.format,
  });
  const unit = await context.choose<'pixels' | 'share'>({
    flag: 'box-unit',
    question: 'Are boxes in pixels of what the network sees, or a share of it (0 to 1)',
    parse: (text) => oneOf(text, ['pixels', 'share']),
    ...(isKnown ? { known: usual.unit } : {}),
    fallback: usual.unit,
  });
  const firstClass = await context.choose<number>({
    flag: 'first-class',
    question: 'Which number has the first class',
    parse: (text) => {
      if (!/^\d{1,3}$/.test(text)) throw new Error(`${text} is not a whole number.`);
      return Number(text);
    },
    ...(isKnown ? { known: usual.firstClass } : {}),
    fallback: usual.firstClass,
  });
  const scale = unit.value === 'share' ? 'size' : '{ width: 1, height: 1 }';
  return { options: `format: '${boxFormats[format.value]}', scale: ${scale}`, firstClass: firstClass.value };
}
