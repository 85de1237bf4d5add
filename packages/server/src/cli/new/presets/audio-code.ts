import type { GraphTensor } from '../../../onnx/read-onnx.ts';
import type { GeneratedModel, Names } from '../preset.ts';
import { code, commentLines, key } from '../quote.ts';
import { labelsCode, labelSchema } from './labels.ts';
import { outputMember, type ScoreCode } from './scores.ts';

/** How the scores of windows become those of a recording. */
export type AudioPooling = 'mean' | 'max';

/** The contract of a task that takes a recording and names its classes. */
export function audioContract(
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

export interface AudioModelParts {
  readonly names: Names;
  readonly input: GraphTensor;
  readonly output: GraphTensor;
  readonly scores: ScoreCode;
  readonly pooling: AudioPooling;
  readonly sampleRate: { readonly value: number; readonly assumed: boolean };
  /** In samples. */
  readonly length: number;
  readonly hop: number;
}

export function audioModel(parts: AudioModelParts): GeneratedModel['model'] {
  const { names, input, output, scores, pooling, sampleRate, length, hop } = parts;
  const { constant, task, type } = names;
  const { shape = [] } = input;
  const axes = shape.map((axis, at) => (at > 0 || shape.length === 1 ? (axis === 1 ? '1' : 'windowSize.length') : '1'));
  const overall = pooling === 'mean' ? 'total.map((sum) => sum / windows.length)' : 'total';
  const add = pooling === 'mean' ? '(total[index] ?? 0) + score' : 'Math.max(total[index] ?? 0, score)';
  return {
    imports: {
      '@portico/media/audio': ['audioWindows', 'monoAudio', 'silence'],
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
${sampleRate.assumed ? commentLines(['Assumed: 16000. The documentation of the model says it; --sample-rate.']) : ''}const sampleRate = ${sampleRate.value};
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
          ${key(input.name)}: new Tensor('float32', window.samples, [${axes.join(', ')}]),
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
      return { durationSeconds: samples / sampleRate, labels: labelsOf(${overall}, params.top), windows };
    }),

  // The run that decides whether the replica is ready: a second of silence.
  warmUp: () => ({ file: silence(sampleRate), params: ${constant}.params.parse({}) }),
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
`,
  };
}
