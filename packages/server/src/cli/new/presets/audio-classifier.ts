import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import { oneOf } from '../choices.ts';
import { type GeneratedModel, memoryFor, type Preset, type PresetContext } from '../preset.ts';
import { audioContract, audioModel, type AudioPooling } from './audio-code.ts';
import { chooseLabels, labelsFlag } from './labels.ts';
import { sampleRecording } from './samples.ts';
import { chooseOutput, chooseScores, outputFlag, scoresFlag } from './scores.ts';

const defaultTop = 5;
const defaultSampleRate = 16_000;
/** Where the graph takes windows of any length. */
const defaultWindowSeconds = 5;
/** A shorter axis is no sound. */
const minWindowSamples = 400;

/** A recording in, the scores of its classes out, over all of it and window by window. */
export const audioClassifier: Preset = {
  name: 'audio-classifier',
  summary: 'a recording in, the most probable classes out, over all of it and window by window',
  flags: {
    labels: labelsFlag,
    output: outputFlag,
    scores: scoresFlag,
    'sample-rate': { value: 'HERTZ', about: 'Sample rate that the network was trained with, such as 16000.' },
    'window-seconds': { value: 'SECONDS', about: 'Length of a window; only where the graph takes any.' },
    'hop-seconds': {
      value: 'SECONDS',
      about: 'From the start of a window to the start of the next; the length of a window by default.',
    },
    pool: { value: 'NAME', about: 'How the scores of windows, and of frames in them, become one: mean or max.' },
  },
  fits: (file) => {
    const wave = waveOf(file);
    if (wave === undefined || scoreFrames(file).length === 0) return 0;
    return wave.length === undefined ? (/audio|wave|pcm|sound|speech/i.test(wave.tensor.name) ? 0.7 : 0.2) : 0.85;
  },
  async write(context) {
    const { names, file } = context;
    const wave = waveOf(file);
    if (wave === undefined)
      throw new CommandLineError(
        'The network takes no recording: expected one input of float32 samples, [batch, samples] or with one channel. ' +
          'If it takes spectrograms, use --preset raw and compute them in model.ts.',
      );
    const output = await chooseOutput(context, scoreFrames(file), 'a score for each class');
    const sampleRate = await chooseNumber(
      context,
      'sample-rate',
      'Which sample rate was the network trained with, in hertz',
      {
        min: 1_000,
        max: 384_000,
        fallback: defaultSampleRate,
      },
    );
    const length = wave.length ?? Math.round(sampleRate.value * (await chooseWindow(context)));
    const seconds = length / sampleRate.value;
    const hop = await chooseNumber(context, 'hop-seconds', 'How far are the starts of windows apart, in seconds', {
      min: 0.001,
      max: 3_600,
      known: seconds,
    });
    const pooling = await context.choose<AudioPooling>({
      flag: 'pool',
      question: 'Is the score of a recording the mean of its windows, or the highest (max)',
      parse: (text) => oneOf(text, ['mean', 'max']),
      known: 'mean',
    });
    const scores = await chooseScores(context, output);
    const classes = output.shape?.at(-1);
    const labels = await chooseLabels(context, typeof classes === 'number' ? classes : undefined);
    const top = Math.min(defaultTop, labels.value.length);
    const hopSamples = Math.max(1, Math.round(hop.value * sampleRate.value));
    return {
      contract: audioContract(names, labels, top),
      model: audioModel({
        names,
        input: wave.tensor,
        output,
        scores,
        pooling: pooling.value,
        sampleRate,
        length,
        hop: hopSamples,
      }),
      assets: { 'sample.wav': sampleRecording(sampleRate.value, Math.max(3, 1.5 * seconds)) },
      sample: { file: 'sample.wav', mediaType: 'audio/wav' },
      settings: { memoryMegabytes: memoryFor(file.bytes) },
      packages: { '@portico/media': true },
      checks: [
        `assert.equal(output.labels.length, ${top});`,
        'assert.ok(output.windows.length > 0);',
        'assert.ok(output.durationSeconds > 0);',
      ],
      explains: [
        `The recording is mixed down to one channel at ${sampleRate.value} Hz and cut into windows of ${rounded(seconds)} s, one every ${rounded(hopSamples / sampleRate.value)} s; the last one is filled up with silence.`,
        scores.explained,
        `The score of a class is the ${pooling.value === 'mean' ? 'mean' : 'highest'} of all windows; the output has those of each window too.`,
      ],
    } satisfies GeneratedModel;
  },
};

/** The samples of a recording, as the network takes them. */
interface WaveInput {
  readonly tensor: GraphTensor;
  /** Of a window; undefined where the graph takes any. */
  readonly length: number | undefined;
}

function waveOf({ inputs }: OnnxFile): WaveInput | undefined {
  const [tensor, ...others] = inputs;
  const shape = tensor?.shape;
  if (tensor === undefined || others.length > 0 || tensor.type !== 'float32' || shape === undefined) return undefined;
  if (shape.length < 1 || shape.length > 3) return undefined;
  // Batch and channel are 1 or open; what is left is the samples.
  const samples = shape.length === 1 ? shape : shape.slice(1).filter((length) => length !== 1);
  const [length, ...more] = samples;
  if (length === undefined || more.length > 0) return undefined;
  if (typeof length === 'number') return length >= minWindowSamples ? { tensor, length } : undefined;
  return { tensor, length: undefined };
}

/** Outputs with a score for each class, of a window or of each frame in it: `[batch, classes]`, `[batch, frames, classes]`. */
const scoreFrames = ({ outputs }: OnnxFile): GraphTensor[] =>
  outputs.filter(
    ({ type, shape }) => type === 'float32' && shape !== undefined && shape.length >= 1 && shape.length <= 3,
  );

const chooseWindow = async (context: PresetContext): Promise<number> =>
  (
    await chooseNumber(context, 'window-seconds', 'How long is a window, in seconds', {
      min: 0.01,
      max: 3_600,
      fallback: defaultWindowSeconds,
    })
  ).value;

interface NumberChoice {
  readonly min: number;
  readonly max: number;
  readonly known?: number;
  readonly fallback?: number;
}

const chooseNumber = (
  context: PresetContext,
  flag: string,
  question: string,
  { min, max, ...values }: NumberChoice,
): Promise<{ readonly value: number; readonly assumed: boolean }> =>
  context.choose<number>({
    flag,
    question,
    parse: (text) => {
      const value = text.trim() === '' ? NaN : Number(text);
      if (!(value >= min && value <= max)) throw new Error(`${text} is not a number from ${min} to ${max}.`);
      return value;
    },
    ...values,
  });

const rounded = (seconds: number): string => String(Math.round(seconds * 1_000) / 1_000);
