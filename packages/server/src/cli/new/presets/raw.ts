import { tensorProblem } from '../../../onnx/problems.ts';
import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import { type GeneratedModel, memoryFor, type Preset } from '../preset.ts';
import { code, type CodeValue, comment, key, member } from '../quote.ts';

/** What JSON can hold: the keys of `tensorInput`'s types. */
const jsonTypes: ReadonlySet<string> = new Set(
  'float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool string'.split(' '),
);
/** Nobody would read a larger sample. */
const maxSampleValues = 200_000;
/** Where the graph leaves the length of an axis open, in the sample and in the warm-up. */
const openLength = 1;

/** Tensors in JSON, as the graph has them: for everything that no other preset is for. */
export const raw: Preset = {
  name: 'raw',
  summary: 'tensors in JSON, checked against the graph: for everything else',
  flags: {},
  fits: () => 0.1,
  async write(context) {
    const { file, names } = context;
    refuseOtherTypes(file);
    const { constant, type, task } = names;
    const zeros = Object.fromEntries(file.inputs.map((tensor) => [tensor.name, zerosOf(tensor)]));
    const open = file.inputs.filter(({ shape = [] }) => shape.some((length) => typeof length !== 'number'));
    if (open.length > 0)
      context.note(
        `The sample and the warm-up have a length of ${openLength} wherever an axis has none. ` +
          'If the network takes longer ones only, change them in sample.json and model.ts.',
      );
    return {
      contract: {
        imports: {
          '@portico/schemas': ['defineTask', 'json', 'type Output', 'tensorInput', 'tensorOutput'],
          zod: ['z'],
        },
        body: `/** Tensors by the names of the graph's inputs. */
export const ${type}Input = z
  .strictObject({
    ${file.inputs.map(inputSchema).join('\n')}
  })
  .meta({ id: '${type}Input' });

/** Tensors by the names of the graph's outputs. */
export const ${type}Result = z
  .object({
    ${file.outputs.map(outputSchema).join('\n')}
  })
  .meta({ id: '${type}Result' });

/** Run the network on tensors. */
export const ${constant} = defineTask({
  name: '${task}',
  summary: 'Run the network on tensors.',
  accepts: json(${type}Input),
  params: z.object({}),
  output: ${type}Result,
});

export type ${type}Result = Output<typeof ${constant}>;
`,
      },
      model: {
        imports: {
          '@portico/server/model': ['defineModel', 'runEach', 'tensorFromJson', 'tensorToJson', 'weightPath'],
          './contract.ts': [constant],
          './signature.ts': ['signature'],
        },
        body: `export default defineModel(${constant}, {
  // Runs once, before the replica is ready.
  load: ({ weights, createSession }) => createSession(weightPath(weights, 'network'), signature),

  run: (inputs, { loaded: session, signal }) =>
    runEach(inputs, signal, async ({ input }) => {
      // Preprocessing goes here: what a client should not have to know of the network.
      const outputs = await session.run({
        ${file.inputs.map(feed).join('\n')}
      });
      return {
        ${file.outputs.map(result).join('\n')}
      };
    }),

  // The run that decides whether the replica is ready: zeros.
  warmUp: () => ({
    input: {
      ${file.inputs.map(warmUp).join('\n')}
    },
    params: {},
  }),
});
`,
      },
      sample: { input: zeros },
      settings: { memoryMegabytes: memoryFor(file.bytes) },
      checks: file.outputs.map(({ name }) => {
        const tensor = `output${member(name)}`;
        return `assert.equal(${tensor}.data.length, ${tensor}.shape.reduce((product, length) => product * length, 1));`;
      }),
      explains: [
        'Input and output are tensors in JSON: the length of each axis as shape, and the values row by row as data.',
        'The shape may be left out where the graph fixes every axis.',
      ],
    } satisfies GeneratedModel;
  },
};

function refuseOtherTypes({ inputs, outputs }: OnnxFile): void {
  const problems = [
    ...inputs.map((tensor) => tensorProblem('input', tensor)),
    ...outputs.map((tensor) => tensorProblem('output', tensor)),
  ];
  const problem = problems.find((one) => one !== undefined);
  if (problem !== undefined) throw new CommandLineError(problem.text);
  const other = [...inputs, ...outputs].find(({ type }) => !jsonTypes.has(type));
  if (other === undefined) return;
  throw new CommandLineError(
    `The tensor ${code(other.name)} is of type ${other.type}, which JSON cannot hold. Export the network with inputs and outputs of float32.`,
  );
}

const shapeOf = ({ shape }: GraphTensor): readonly (number | string | null)[] => shape ?? [];

const described = (tensor: GraphTensor): string =>
  tensor.shape === undefined
    ? `/** ${comment(`${tensor.type} of any number of axes, which the graph does not tell.`)} */\n`
    : '';

const inputSchema = (tensor: GraphTensor): string =>
  `${described(tensor)}${key(tensor.name)}: tensorInput(${code(tensor.type)}, ${code(shapeOf(tensor))}),`;

const outputSchema = (tensor: GraphTensor): string =>
  `/** ${comment(
    `${tensor.type}[${shapeOf(tensor)
      .map((length) => length ?? '?')
      .join(', ')}]`,
  )} */\n${key(tensor.name)}: tensorOutput(${code(tensor.type)}),`;

const feed = ({ name, type }: GraphTensor): string =>
  `${key(name)}: tensorFromJson(${code(type)}, input${member(name)}),`;

const result = ({ name }: GraphTensor): string => `${key(name)}: tensorToJson(outputs${member(name)}),`;

function warmUp(tensor: GraphTensor): string {
  const { shape, zero, count } = zeroOf(tensor);
  return `${key(tensor.name)}: { shape: ${code(shape)}, data: Array.from({ length: ${count} }, () => ${code(zero)}) },`;
}

function zerosOf(tensor: GraphTensor): CodeValue {
  const { shape, zero, count } = zeroOf(tensor);
  if (count > maxSampleValues)
    throw new CommandLineError(
      `The input ${code(tensor.name)} has ${count} values, too many for JSON. Use another preset, or "portico serve" and the Open Inference Protocol.`,
    );
  return { shape, data: Array.from({ length: count }, () => zero) };
}

function zeroOf(tensor: GraphTensor): { readonly shape: number[]; readonly zero: CodeValue; readonly count: number } {
  const shape = shapeOf(tensor).map((length) => (typeof length === 'number' ? length : openLength));
  const zero = tensor.type === 'string' ? '' : tensor.type === 'bool' ? false : 0;
  return { shape, zero, count: shape.reduce((product, length) => product * length, 1) };
}
