import type { GraphTensor } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import type { Preset } from '../preset.ts';
import { code, type CodeValue, key, member } from '../quote.ts';

/** Types of tensors that JSON can hold. */
const jsonTypes = new Set('float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool string'.split(' '));

/** Tensors in JSON, as the graph has them. */
export const raw: Preset = {
  name: 'raw',
  summary: 'tensors in JSON, checked against the graph; for everything else',
  flags: {},
  fits: () => 0.1,
  async write({ file, names }) {
    const { inputs, outputs } = file;
    for (const { name, type } of [...inputs, ...outputs]) {
      if (jsonTypes.has(type)) continue;
      throw new CommandLineError(
        `The tensor ${JSON.stringify(name)} is of type ${type}, which JSON cannot hold: cast it in the graph, such as to float32.`,
      );
    }
    const { constant, type } = names;
    const sample = Object.fromEntries(inputs.map((tensor) => [tensor.name, zeros(tensor)]));
    return {
      contract: {
        imports: { '@portico/schemas': ['defineTask', 'json', 'tensorInput', 'tensorOutput'], zod: ['z'] },
        body: `/** Tensors: the length of each axis in \`shape\`, and the values row by row in \`data\`. */
export const ${type}Input = z
  .object({
    ${inputs.map(({ name, type: of, shape }) => `${key(name)}: tensorInput(${code(of)}, ${code(shape ?? [null])}),`).join('\n')}
  })
  .meta({ id: '${type}Input' });

export const ${type}Result = z
  .object({
    ${outputs.map(({ name, type: of }) => `${key(name)}: tensorOutput(${code(of)}),`).join('\n')}
  })
  .meta({ id: '${type}Result' });

/** Run the network on tensors. */
export const ${constant} = defineTask({
  name: '${names.task}',
  summary: 'Run the network on tensors.',
  accepts: json(${type}Input),
  params: z.object({}),
  output: ${type}Result,
});`,
      },
      model: {
        imports: {
          '@portico/server/model': ['defineModel', 'runEach', 'tensorFromJson', 'tensorToJson', 'weightPath'],
          './contract.ts': [constant],
          './signature.ts': ['signature'],
        },
        body: `export default defineModel(${constant}, {
  load: ({ weights, createSession }) => createSession(weightPath(weights, 'network'), signature),

  run: (inputs, { loaded: session, signal }) =>
    runEach(inputs, signal, async ({ input }) => {
      const outputs = await session.run({
        ${inputs.map(({ name, type: of }) => `${key(name)}: tensorFromJson(${code(of)}, input${member(name)}),`).join('\n')}
      });
      return {
        ${outputs.map(({ name }) => `${key(name)}: tensorToJson(outputs${member(name)}),`).join('\n')}
      };
    }),

  // The run that decides whether an engine is ready.
  warmUp: () => ({
    input: ${constant}.accepts.schema.parse({
      ${inputs.map((tensor) => `${key(tensor.name)}: ${zerosCode(tensor)},`).join('\n')}
    }),
    params: {},
  }),
});`,
      },
      sample: { input: sample },
      checks: [],
      explains: ['Input and output are the tensors of the graph, in JSON: shape, and values row by row.'],
    };
  },
};

/** Free axes have the length 1. */
const shapeOf = ({ shape = [] }: GraphTensor): number[] =>
  shape.map((length) => (typeof length === 'number' ? length : 1));
const sizeOf = (tensor: GraphTensor): number => shapeOf(tensor).reduce((product, length) => product * length, 1);
const zeroOf = ({ type }: GraphTensor): CodeValue => (type === 'string' ? '' : type === 'bool' ? false : 0);

const zeros = (tensor: GraphTensor): CodeValue => ({
  shape: shapeOf(tensor),
  data: Array.from({ length: sizeOf(tensor) }, () => zeroOf(tensor)),
});

const zerosCode = (tensor: GraphTensor): string =>
  `{ shape: ${code(shapeOf(tensor))}, data: Array.from({ length: ${sizeOf(tensor)} }, () => ${code(zeroOf(tensor))}) }`;
