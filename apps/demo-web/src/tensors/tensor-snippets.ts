import type { TensorDatatype } from '@portico/sdk';
import { type CallOnScreen, keyVariable } from '../code/call-on-screen.ts';
import { quoted } from '../code/curl.ts';
import { literal, sdkProgram, trpcProgram } from '../code/javascript.ts';
import { literal as pythonLiteral } from '../code/python.ts';
import { numbersOf, type Values } from './tensor-values.ts';

/** Longer inputs are zeros in a snippet: their values would hide the rest. */
export const maxWrittenValues = 1_024;

/** A run as it is on the screen: what a snippet has to do. */
export interface RunOnScreen extends Pick<CallOnScreen, 'url' | 'needsKey'> {
  readonly model: string;
  /** Undefined for the newest. */
  readonly version: string | undefined;
  readonly inputs: readonly WrittenInput[];
}

interface WrittenInput {
  readonly name: string;
  readonly datatype: TensorDatatype;
  readonly shape: readonly number[];
  readonly data: Values;
}

/** The code that does a run, in each language. */
export const tensorSnippets = (run: RunOnScreen): { readonly name: string; readonly code: string }[] => [
  { name: 'SDK', code: sdkProgram(run, [], javascript(run, `portico.tensors(${literal(run.model)}).infer`)) },
  {
    name: 'tRPC',
    code: trpcProgram(run, [], javascript(run, 'trpc.tensors.infer.mutate', [`  model: ${literal(run.model)},`])),
  },
  { name: 'curl', code: curl(run) },
  { name: 'Python', code: python(run) },
];

function javascript(run: RunOnScreen, method: string, fields: readonly string[] = []): string[] {
  const inputs = run.inputs.map(
    ({ name, datatype, shape, data }) =>
      `    { name: ${literal(name)}, datatype: '${datatype}', shape: ${literal(shape)}, data: ${dataInJavaScript(data)} },`,
  );
  return [
    `const { outputs } = await ${method}({`,
    ...fields,
    ...(run.version === undefined ? [] : [`  version: ${literal(run.version)},`]),
    '  inputs: [',
    ...inputs,
    '  ],',
    '});',
    'for (const { name, shape, data } of outputs) console.log(name, shape, data);',
  ];
}

function dataInJavaScript(data: Values): string {
  const isLong = data.length > maxWrittenValues;
  if (Array.isArray(data)) return isLong ? `Array(${data.length}).fill('')` : `[${data.map(literal).join(', ')}]`;
  const type = data.constructor.name;
  if (isLong) return `new ${type}(${data.length})`;
  const values = Array.from(data as ArrayLike<number | bigint>, (value) =>
    typeof value === 'bigint' ? `${value}n` : type === 'Float32Array' ? shortest(value) : value,
  );
  return `${type}.of(${values.join(', ')})`;
}

function curl(run: RunOnScreen): string {
  const inputs = run.inputs.map(({ data, ...input }) => ({ ...input, data: dataInJson(input.datatype, data) }));
  const isLong = run.inputs.some(({ data }) => data.length > maxWrittenValues);
  const options = [
    ...(run.needsKey ? [`-H "x-api-key: $${keyVariable}"`] : []),
    "-H 'content-type: application/json'",
    // The argument of a command has a maximum length, so a long request comes from a program.
    isLong ? '-d @-' : `-d ${quoted(JSON.stringify({ inputs }))}`,
    quoted(addressOf(run)),
  ];
  const command = `${['curl --fail-with-body', ...options].join(' \\\n  ')}\n`;
  if (!isLong) return command;
  const writer = ['import json', ...inputsInPython(run), "print(json.dumps({'inputs': inputs}))"].join('\n');
  return `python3 -c ${quoted(writer)} | ${command}`;
}

function python(run: RunOnScreen): string {
  const headers = [
    "'content-type': 'application/json'",
    ...(run.needsKey ? [`'x-api-key': os.environ['${keyVariable}']`] : []),
  ];
  return [
    'import json',
    ...(run.needsKey ? ['import os'] : []),
    'from urllib.request import Request, urlopen',
    '',
    ...inputsInPython(run),
    `headers = {${headers.join(', ')}}`,
    `request = Request(${pythonLiteral(addressOf(run))}, data=json.dumps({'inputs': inputs}).encode(), headers=headers)`,
    'with urlopen(request) as response:',
    "    for output in json.load(response)['outputs']:",
    "        print(output['name'], output['shape'], output['data'])",
    '',
  ].join('\n');
}

const inputsInPython = ({ inputs }: RunOnScreen): string[] => [
  'inputs = [',
  ...inputs.map(({ name, datatype, shape, data }) => {
    const written =
      data.length > maxWrittenValues
        ? `[${datatype === 'BYTES' ? "''" : '0'}] * ${data.length}`
        : `[${dataInJson(datatype, data).map(pythonLiteral).join(', ')}]`;
    return `    {'name': ${pythonLiteral(name)}, 'datatype': '${datatype}', 'shape': ${pythonLiteral(shape)}, 'data': ${written}},`;
  }),
  ']',
];

const addressOf = ({ url, model, version }: RunOnScreen): string =>
  `${url}/v2/models/${encodeURIComponent(model)}${version === undefined ? '' : `/versions/${version}`}/infer`;

/** Values as the Open Inference Protocol has them in JSON here: digits of 64 bits and what is no number are texts. */
function dataInJson(datatype: TensorDatatype, data: Values): unknown[] {
  if (Array.isArray(data)) return [...data];
  if (datatype === 'BOOL') return Array.from(data as Uint8Array, Boolean);
  if (datatype.endsWith('INT64')) return Array.from(data as BigInt64Array, String);
  return numbersOf(datatype, data)!.map((value) =>
    !Number.isFinite(value) ? String(value) : datatype === 'FP32' ? shortest(value) : value,
  );
}

/** The number with the fewest digits that is the same in single precision. */
const shortest = (value: number): number =>
  [6, 7, 8].map((digits) => Number(value.toPrecision(digits))).find((short) => Math.fround(short) === value) ??
  Number(value.toPrecision(9));
