import type { GraphTensor, OnnxFile } from '../../../onnx/read-onnx.ts';
import { CommandLineError } from '../../command.ts';
import { type GeneratedModel, memoryFor, type Names, type Preset } from '../preset.ts';
import { code, type CodeValue, commentLines, key, member } from '../quote.ts';
import { firstRow } from '../sample.ts';
import { labelsCode, labelsFlag, readLabels } from './labels.ts';
import {
  chooseColumns,
  columnSchema,
  type Columns,
  type Column,
  isFloat,
  refuseOther,
  sampleValue,
  type TabularInputs,
  tabularInputs,
} from './tabular-columns.ts';
import { predictionCode, type PredictionCode } from './tabular-outputs.ts';

const maxRows = 1_000;

/** Names of columns in one sentence. */
const maxListed = 5;

/** Rows of named columns in, a prediction for each out. */
export const tabular: Preset = {
  name: 'tabular',
  summary: 'rows of named columns in, numbers and texts; a class or a number for each out',
  flags: {
    columns: {
      value: 'NAMES',
      about:
        'Names of the columns, with commas, or a CSV file whose first line has them; only where the graph takes one matrix.',
    },
    labels: labelsFlag,
  },
  fits: (file) => {
    const inputs = tabularInputs(file);
    if (inputs === undefined) return 0;
    return file.operators.some(({ domain }) => domain === 'ai.onnx.ml') || inputs.kind === 'columns' ? 0.85 : 0.5;
  },
  async write(context) {
    const { names, file } = context;
    const inputs = tabularInputs(file);
    if (inputs === undefined)
      throw new CommandLineError(
        'The network takes no table: expected one input of two axes, or one input of one column each. Use --preset raw.',
      );
    const columns = await chooseColumns(context, inputs);
    const { value: labels } = await context.choose<readonly string[] | string | null>({
      flag: 'labels',
      question: 'The names of the classes',
      parse: (text) => text,
      known: namesInFile(file),
    });
    const classes = typeof labels === 'string' ? await readLabels(labels) : (labels ?? undefined);
    const prediction = predictionCode(file, names, classes);
    const given = await firstRow(context.sample);
    if (given === undefined && columns.list.some(({ type, known }) => type === 'string' && known.length === 0))
      context.note(
        'The row of the sample and of the warm-up has an invented text, because the graph tells none. A network that knows no other texts than it was ' +
          'trained with refuses it: give a row of yours, --sample row.json with {"rows": [{ … }]}.',
      );
    for (const column of given === undefined ? [] : columns.list) refuseOther(column, given?.[column.name]);
    const row = given ?? Object.fromEntries(columns.list.map((column) => [column.name, sampleValue(column)]));
    const closed = columns.list.filter(({ isClosed }) => isClosed).map(({ name }) => name);
    return {
      contract: contract({ names, columns, prediction, classes }),
      model: model({ names, inputs, columns, prediction, row }),
      sample: { input: { rows: [row] } },
      settings: { memoryMegabytes: memoryFor(file.bytes) },
      checks: ['assert.equal(output.rows.length, input.rows.length);'],
      explains: [
        `A row has ${columns.list.length} named columns; 1 to ${maxRows} rows make one run.`,
        columns.allowsMissing
          ? 'A number may be null: the graph fills in what is missing.'
          : 'No value may be missing.',
        ...(closed.length === 0
          ? []
          : [
              `Of ${listed(closed)} the network knows only the values that it was trained with: the contract lists them, and others are refused.`,
            ]),
        prediction.explained,
      ],
    } satisfies GeneratedModel;
  },
};

/** The names of the classes, where the graph has them: as the keys of the maps that it would make of the scores. */
function namesInFile({ outputs }: OnnxFile): readonly string[] | null {
  const labels = outputs.find((output) => output.labels !== undefined)?.labels;
  return labels?.every((label) => typeof label === 'string') === true ? labels : null;
}

const listed = (columnNames: readonly string[]): string =>
  columnNames.length > maxListed
    ? `${columnNames.slice(0, maxListed).join(', ')} and ${columnNames.length - maxListed} more`
    : columnNames.join(' and ');

interface ContractParts {
  readonly names: Names;
  readonly columns: Columns;
  readonly prediction: PredictionCode;
  readonly classes: readonly string[] | undefined;
}

function contract({ names, columns, prediction, classes }: ContractParts): GeneratedModel['contract'] {
  const { type, task, constant } = names;
  return {
    imports: { '@portico/schemas': ['defineTask', 'json', 'list', 'type Output'], zod: ['z'] },
    body: `${classes === undefined ? '' : `${labelsCode(names, { value: classes, assumed: false })}\n\n`}/** A row: its columns by name.${columns.list.some(({ isClosed }) => isClosed) ? ' Where values are listed, the network knows no others.' : ''} */
${columns.isAssumed ? commentLines(['Assumed: the columns have numbers for names. --columns has theirs, in the order of the training data.']) : ''}export const ${type}Row = z
  .strictObject({
    ${columns.list.map((column) => `${key(column.name)}: ${columnSchema(column, columns.allowsMissing)},`).join('\n')}
  })
  .meta({ id: '${type}Row' });

/** Rows to predict. */
export const ${type}Input = z
  .strictObject({ rows: list(${type}Row, { min: 1, max: ${maxRows} }).describe('1 to ${maxRows} rows.') })
  .meta({ id: '${type}Input' });

/** What is predicted for a row. */
export const ${type}Prediction = z
  .object({
    ${prediction.schemas.join('\n')}
  })
  .meta({ id: '${type}Prediction' });

/** A prediction for each row. */
export const ${type}Result = z
  .object({ rows: z.array(${type}Prediction).describe('One per row, in their order.') })
  .meta({ id: '${type}Result' });

/** Predict from rows of ${columns.list.length} columns. */
export const ${constant} = defineTask({
  name: '${task}',
  summary: 'Predict from rows of named columns.',
  accepts: json(${type}Input),
  params: z.object({}),
  output: ${type}Result,
});

export type ${type}Row = z.output<typeof ${type}Row>;
export type ${type}Result = Output<typeof ${constant}>;
`,
  };
}

interface ModelParts {
  readonly names: Names;
  readonly inputs: TabularInputs;
  readonly columns: Columns;
  readonly prediction: PredictionCode;
  /** For the warm-up. */
  readonly row: Readonly<Record<string, CodeValue>>;
}

function model({ names, inputs, columns, prediction, row }: ModelParts): GeneratedModel['model'] {
  const { constant, type } = names;
  const feeds =
    inputs.kind === 'matrix'
      ? [matrixFeed(inputs.tensor, columns)]
      : inputs.tensors.map((tensor) => columnFeed(tensor, columns.allowsMissing));
  const { isBatchable } = inputs;
  return {
    imports: {
      '@portico/server/model': ['defineModel', 'runEach', 'Tensor', 'weightPath', ...prediction.serverImports],
      './contract.ts': [constant, `type ${type}Row`, ...prediction.contractImports],
      './signature.ts': ['signature'],
    },
    body: `export default defineModel(${constant}, {
  // Runs once, before the replica is ready.
  async load({ weights, createSession }) {
    const session = await createSession(weightPath(weights, 'network'), signature);
    return async (rows: readonly ${type}Row[]) => {
      // Preprocessing: the columns as the network takes them.
      const outputs = await session.run({
        ${feeds.join('\n')}
      });
      // Postprocessing: a prediction for each row.
      ${prediction.prepared.join('\n')}
      return rows.map((_, at) => ({
        ${prediction.members.join('\n')}
      }));
    };
  },

  run: (inputs, { loaded: predict, signal }) =>
    runEach(inputs, signal, async ({ input: { rows } }) => ${
      isBatchable
        ? '({ rows: await predict(rows) })'
        : `{
      // The graph takes one row at a time.
      const predictions = [];
      for (const row of rows) predictions.push(...(await predict([row])));
      return { rows: predictions };
    }`
    }),

  // The run that decides whether the replica is ready.
  warmUp: () => ({
    input: { rows: [${code(row)}]${columns.list.some(({ isClosed }) => isClosed) ? ` satisfies ${type}Row[]` : ''} },
    params: {},
  }),
});
${prediction.declared}`,
  };
}

const arrays: Readonly<Record<string, string>> = {
  float32: 'Float32Array',
  float64: 'Float64Array',
  int32: 'Int32Array',
  int64: 'BigInt64Array',
  bool: 'Uint8Array',
};

/** A value of a row, as the element of a tensor. */
function element({ name, type }: Pick<Column, 'name' | 'type'>, allowsMissing: boolean): string {
  const value = `row${member(name)}`;
  if (type === 'int64') return `BigInt(${value})`;
  if (type === 'bool') return `Number(${value})`;
  return allowsMissing && isFloat(type) ? `${value} ?? NaN` : value;
}

function matrixFeed({ name, type }: GraphTensor, { list, allowsMissing }: Columns): string {
  const rows = `rows.flatMap((row) => [${list.map((column) => element(column, allowsMissing)).join(', ')}])`;
  const data = type === 'string' ? rows : `${arrays[type] ?? 'Float32Array'}.from(${rows})`;
  return `${key(name)}: new Tensor(${code(type)}, ${data}, [rows.length, ${list.length}]),`;
}

function columnFeed(tensor: GraphTensor, allowsMissing: boolean): string {
  const { name, type, shape } = tensor;
  const each = `(row) => ${element(tensor, allowsMissing)}`;
  const data = type === 'string' ? `rows.map(${each})` : `${arrays[type] ?? 'Float32Array'}.from(rows, ${each})`;
  return `${key(name)}: new Tensor(${code(type)}, ${data}, ${shape?.length === 1 ? '[rows.length]' : '[rows.length, 1]'}),`;
}
