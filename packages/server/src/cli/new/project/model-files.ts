import type { OnnxFile } from '../../../onnx/read-onnx.ts';
import { signatureSource } from '../../../onnx/signature-source.ts';
import { moduleText } from '../module-text.ts';
import type { PlacedWeights } from '../place-weights.ts';
import type { GeneratedModel, Module, Names, Sample } from '../preset.ts';
import { code, type CodeValue, key } from '../quote.ts';

const maxExampleCharacters = 300;

/** What differs between a project of its own and this repository. */
export interface ModelLayout {
  /** Where the model's modules find what they import. */
  readonly elsewhere: (specifier: string, name: string) => string;
  /** The module that declares tests. */
  readonly testModule: string;
}

/** The modules around what a preset wrote: registration, graph and test; by file name, without the contract. */
export function modelFiles(
  generated: GeneratedModel,
  {
    names,
    file,
    weights,
    layout,
    samplePath,
  }: {
    names: Names;
    file: OnnxFile;
    weights: readonly PlacedWeights[];
    layout: ModelLayout;
    /** As seen from where the service starts. */
    samplePath: string;
  },
): Record<string, string | Uint8Array> {
  const text = (module: Module): string => moduleText(module, layout.elsewhere);
  const more = Object.entries(generated.modules ?? {}).map(([path, module]) => [path, text(module)] as const);
  return {
    ...generated.assets,
    ...('input' in generated.sample ? { 'sample.json': sampleText(generated.sample.input) } : {}),
    ...Object.fromEntries(more),
    'index.ts': text(registration(generated, { names, weights, samplePath })),
    'model.ts': text(generated.model),
    'model.test.ts': text(test(generated, names, layout.testModule)),
    'signature.ts': signatureSource(file),
  };
}

/** Rows of numbers stay on one line. */
const sampleText = (input: CodeValue): string =>
  `${JSON.stringify(input, null, 2).replaceAll(/\[[\s\d,.eE+-]*\]/g, (row) => row.replaceAll(/\s+/g, ' '))}\n`;

function registration(
  { settings = {}, sample }: GeneratedModel,
  { names, weights, samplePath }: { names: Names; weights: readonly PlacedWeights[]; samplePath: string },
): Module {
  const files = weights.map(({ name, path, sha256 }) => `${key(name)}: localFile(${code(path)}, ${code(sha256)}),`);
  const example = exampleCode(sample, samplePath);
  return {
    imports: { '@portico/server': ['localFile', 'registerModel'], './contract.ts': [names.constant] },
    body: `/** What the HTTP process knows of the model: data, and where the code is. It never imports model.ts. */
export const ${names.model} = registerModel({
  task: ${names.constant},
  implementation: new URL('./model.js', import.meta.url),
  // Sets of weights by name; MODEL_NAME=${names.task}:NAME chooses one. Engines verify the checksum before they load a file.
  variants: {
    default: {
      weights: {
        ${files.join('\n')}
      },
    },
  },
  ${settingLines(settings).join('\n')}
  ${example}
});
`,
  };
}

function settingLines({
  maxBatchSize,
  maxBatchBytes,
  memoryMegabytes = 512,
  timeoutSeconds,
}: NonNullable<GeneratedModel['settings']>): string[] {
  return [
    '// Memory of an engine after large inputs, at its peak; "portico try" prints it. Models share the machine by it.',
    `memoryMegabytes: ${memoryMegabytes},`,
    ...(maxBatchSize === undefined ? [] : [`// Inputs in one run.\nmaxBatchSize: ${code(maxBatchSize)},`]),
    ...(maxBatchBytes === undefined ? [] : [`maxBatchBytes: ${maxBatchBytes},`]),
    ...(timeoutSeconds === undefined ? [] : [`timeoutSeconds: ${timeoutSeconds},`]),
  ];
}

/** The request that a start at a terminal proposes; a long one would fill the screen. */
function exampleCode(sample: Sample, path: string): string {
  if ('file' in sample) return `example: { file: ${code(path)} },`;
  const input = code(sample.input);
  return input.length > maxExampleCharacters ? '' : `example: { input: ${input} },`;
}

/** Loads the real file as an engine does, and runs it on the sample. */
function test({ sample, checks }: GeneratedModel, { task, constant, model }: Names, testModule: string): Module {
  const isFile = 'file' in sample;
  const read = isFile
    ? `const data = await readFile(new URL(${code(`./${sample.file}`)}, import.meta.url));`
    : `const input = ${constant}.accepts.schema.parse(JSON.parse(await readFile(new URL('./sample.json', import.meta.url), 'utf8')));`;
  const input = isFile ? `file: { data, mediaType: ${code(sample.mediaType)} }` : 'input';
  const ofFiles = `
test('what is no such file is refused, and fails nothing else', async () => {
  ${read}
  const params = ${constant}.params.parse({});
  const wrong = { data: new Uint8Array(64), mediaType: ${isFile ? code(sample.mediaType) : "''"} };
  const [failed, output] = await loaded.run([{ file: wrong, params }, { ${input}, params }]);
  assert.ok(isFailure(failed));
  assert.ok(output !== undefined && !isFailure(output));
});
`;
  return {
    imports: {
      'node:assert/strict': ['default assert'],
      'node:fs/promises': ['readFile'],
      [testModule]: ['test'],
      '@portico/schemas': ['isFailure'],
      '@portico/server/testing': ['loadModel'],
      './contract.ts': [constant],
      './index.ts': [model],
      './model.ts': ['default model'],
    },
    body: `const loaded = await loadModel({ model, registered: ${model} });

test('${task}: the sample has an output that fits the contract', async () => {
  ${read}
  const [output] = await loaded.run([{ ${input}, params: ${constant}.params.parse({}) }]);
  if (isFailure(output)) throw output;
  assert.ok(output !== undefined);
  assert.ok(${constant}.output.safeParse(output).success);
  ${checks.join('\n  ')}
});
${isFile && /^(image|audio)\//.test(sample.mediaType) ? ofFiles : ''}`,
  };
}
