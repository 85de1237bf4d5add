import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import type { GeneratedModel, Names, Preset, PresetContext } from '../preset.ts';
import { code, key } from '../quote.ts';
import { assumedLines, oneOf } from './image-input.ts';
import { memoryFor } from './image-model.ts';
import { chooseLabels, labelsCode, labelSchema, labelsFlag } from './labels.ts';
import { sampleRecording } from './samples.ts';
import { chooseOutput, chooseScores, outputFlag, outputMember, type ScoreCode, scoresFlag } from './scores.ts';

const defaultTop = 5;
const defaultSampleRate = 16_000;
/** Where the graph takes windows of any length. */
const defaultWindowSeconds = 5;
/** A shorter axis is no sound. */
const minWindowSamples = 400;

type Pooling = 'mean' | 'max';

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
    const pooling = await context.choose<Pooling>({
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
      contract: contract(names, labels, top),
      model: model({ names, wave, output, scores, pooling: pooling.value, sampleRate, length, hop: hopSamples }),
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

function contract(
  names: Names,
  labels: { readonly value: readonly string[]; readonly assumed: boolean },
  top: number,
): GeneratedModel['contract'] {
  const { type, task, constant } = names;
  const count = labels.value.length;
  return {
    imports: { '@portico/schemas': ['audio', 'defineTask', 'type Output'], zod: ['z'] },
    body: `${labelsCode(names, labels)}

/** A class, and how probable it is. */
export const ${type}Label = z
  .object({
    label: ${labelSchema(names, labels.value)},
    score: z.number().min(0).max(1).describe('Probability, 0 to 1.'),
  })
  .meta({ id: '${type}Label' });

/** What is heard in a part of a recording. */
export const ${type}Window = z
  .object({
    startSeconds: z.number().min(0),
    endSeconds: z.number().min(0),
    labels: z.array(${type}Label).describe('The most probable first.'),
  })
  .meta({ id: '${type}Window' });

/** What is heard in a recording. */
export const ${type}Result = z
  .object({
    durationSeconds: z.number().min(0),
    labels: z.array(${type}Label).describe('Over the whole recording, the most probable first.'),
    windows: z.array(${type}Window).describe('In their order.'),
  })
  .meta({
    id: '${type}Result',
    examples: [{ durationSeconds: 3, labels: [{ label: ${code(labels.value[0] ?? '')}, score: 0.9 }], windows: [] }],
  });

/** How many classes to return. */
export const ${type}Params = z.object({
  top: z.int().min(1).max(${count}).default(${top}).describe('Number of classes to return, of the recording and of each window.'),
});

/** Say what is heard in a recording. */
export const ${constant} = defineTask({
  name: '${task}',
  summary: 'Say what is heard in a recording: the most probable of ${count} classes.',
  accepts: audio(),
  params: ${type}Params,
  output: ${type}Result,
});

export type ${type}Label = z.output<typeof ${type}Label>;
export type ${type}Result = Output<typeof ${constant}>;
`,
  };
}

interface ModelParts {
  readonly names: Names;
  readonly wave: WaveInput;
  readonly output: GraphTensor;
  readonly scores: ScoreCode;
  readonly pooling: Pooling;
  readonly sampleRate: { readonly value: number; readonly assumed: boolean };
  /** In samples. */
  readonly length: number;
  readonly hop: number;
}

function model(parts: ModelParts): GeneratedModel['model'] {
  const { names, wave, output, scores, pooling, sampleRate, length, hop } = parts;
  const { constant, task, type } = names;
  const { shape = [] } = wave.tensor;
  const axes = shape.map((axis, at) => (at > 0 || shape.length === 1 ? (axis === 1 ? '1' : 'windowSize.length') : '1'));
  const overall = pooling === 'mean' ? 'sum / windows.length' : 'sum';
  const add = pooling === 'mean' ? '(total[index] ?? 0) + score' : 'Math.max(total[index] ?? 0, score)';
  return {
    imports: {
      '@portico/media/audio': ['audioWindows', 'monoAudio'],
      '@portico/server/model': [
        'defineModel',
        'highestScores',
        'refuseIfCancelled',
        'runEach',
        'Tensor',
        'weightPath',
        ...scores.imports,
      ],
      './contract.ts': [`${task}Labels`, constant, `type ${type}Label`, `type ${type}Result`],
      './signature.ts': ['signature'],
    },
    body: `/** In hertz. */
${sampleRate.assumed ? assumedLines(['Assumed: 16000. The documentation of the model says it; --sample-rate.']) : ''}const sampleRate = ${sampleRate.value};
/** What the network hears at once, and from the start of a window to the start of the next, in samples. */
const windowSize = { length: ${length}, hop: ${hop} };

export default defineModel(${constant}, {
  // Runs once, before the replica is ready.
  async load({ weights, createSession, maxRecordingSeconds }) {
    const session = await createSession(weightPath(weights, 'network'), signature);
    return { session, maxSeconds: maxRecordingSeconds };
  },

  run: (inputs, { loaded: { session, maxSeconds }, signal }) =>
    runEach(inputs, signal, async ({ file, params }): Promise<${type}Result> => {
      const windows: ${type}Result['windows'] = [];
      const total = new Float64Array(${task}Labels.length);
      let samples = 0;
      // Preprocessing: one channel at the network's rate, a window at a time. A file that is no recording fails by itself.
      for await (const window of audioWindows(monoAudio(file, sampleRate, { maxSeconds, signal }), windowSize)) {
        const outputs = await session.run({
          ${key(wave.tensor.name)}: new Tensor('float32', window.samples, [${axes.join(', ')}]),
        });
        refuseIfCancelled(signal);
        // Postprocessing: probabilities of this window's classes.
        const probabilities = probabilitiesOf(${outputMember(output)}.data);
        for (const [index, score] of probabilities.entries()) total[index] = ${add};
        samples = window.start + window.length;
        windows.push({
          startSeconds: window.start / sampleRate,
          endSeconds: samples / sampleRate,
          labels: labelsOf(probabilities, params.top),
        });
      }
      const overall = total.map((sum) => ${overall});
      return { durationSeconds: samples / sampleRate, labels: labelsOf(overall, params.top), windows };
    }),

  // The run that decides whether the replica is ready: a second of silence.
  warmUp: () => ({ file: { data: silence(sampleRate), mediaType: 'audio/wav' }, params: ${constant}.params.parse({}) }),
});

/** The network's scores as probabilities; of several frames, the ${pooling === 'mean' ? 'mean' : 'highest'}. */
function probabilitiesOf(values: Float32Array): Float64Array {
  const classes = ${task}Labels.length;
  const frames = values.length / classes;
  const pooled = new Float64Array(classes);
  for (let frame = 0; frame < frames; frame += 1) {
    const scores = values.subarray(frame * classes, (frame + 1) * classes);
    for (const [index, score] of ${scores.expression}.entries())
      pooled[index] = ${pooling === 'mean' ? '(pooled[index] ?? 0) + score / frames' : 'Math.max(pooled[index] ?? 0, score)'};
  }
  return pooled;
}

function labelsOf(scores: Float64Array, top: number): ${type}Label[] {
  return highestScores(scores, top).flatMap(({ index, score }) => {
    const label = ${task}Labels[index];
    // Rounding may take a probability a little beyond 1.
    return label === undefined ? [] : [{ label, score: Math.min(1, Math.max(0, score)) }];
  });
}

/** So many samples of silence, as a WAV file of eight bits at the network's rate. */
function silence(samples: number): Uint8Array {
  const head = Buffer.alloc(44);
  head.write('RIFF\\0\\0\\0\\0WAVEfmt ', 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}
`,
  };
}
