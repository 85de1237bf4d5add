import { open, stat } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { code } from './literals.ts';
import { otherFormat } from './other-formats.ts';
import type { GraphTensor, OnnxGraph } from './read-onnx.ts';

/** What keeps a file from being served, as a fact and its cure. */
export interface Problem {
  /** `load`: ONNX Runtime cannot load the file. `tensors`: it can, but one of its tensors cannot be passed. */
  readonly stops: 'load' | 'tensors';
  readonly text: string;
}

/** What the bundled ONNX Runtime reads: a test compares it. */
export const supported = {
  irVersion: 13,
  opsets: { 'ai.onnx': 26, 'ai.onnx.ml': 5, 'com.microsoft': 1 } as Readonly<Record<string, number>>,
} as const;

/** Domains of operators that ONNX Runtime brings along. */
const knownDomains: ReadonlySet<string> = new Set([
  ...Object.keys(supported.opsets),
  'com.microsoft.nchwc',
  'com.ms.internal.nhwc',
]);

const forTraining = 'They are for training: export the model for inference, after model.eval() in PyTorch';

/** Where operators come from that ONNX Runtime lacks, and how to do without. */
const otherDomains: Readonly<Record<string, string>> = {
  'ai.onnx.contrib':
    'They are those of onnxruntime-extensions, which does not exist for Node: export the network without its pre- and ' +
    'postprocessing, and do that in model.ts',
  'ai.onnx.preview.training': forTraining,
  'ai.onnx.training': forTraining,
  'org.pytorch.aten':
    'They are calls into PyTorch: export with torch.onnx.export(model, args, "model.onnx", dynamo=True)',
  mmdeploy: 'They are those of MMDeploy: export with its backend set to plain ONNX Runtime without custom operators',
};

/** Element types that onnxruntime-node passes. */
const elementTypes: ReadonlySet<string> = new Set([
  'float32',
  'float64',
  'float16',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'string',
]);

/** Names of operators or files that one sentence lists. */
const maxNames = 5;

/** Everything that is known to keep this file from being served. */
export async function problemsOf(path: string, file: OnnxGraph): Promise<readonly Problem[]> {
  const name = basename(path);
  const texts = [...versionProblems(name, file), ...operatorProblems(name, file), ...(await dataProblems(path, file))];
  return [...texts.map((text): Problem => ({ stops: 'load', text })), ...tensorProblems(file)];
}

function versionProblems(name: string, { irVersion, opsets }: OnnxGraph): string[] {
  const problems: string[] = [];
  if (irVersion > supported.irVersion) {
    problems.push(
      `${name} has IR version ${irVersion}, and this ONNX Runtime reads up to ${supported.irVersion}. Lower it in Python: ` +
        `model = onnx.load("${name}"); model.ir_version = ${supported.irVersion}; onnx.save(model, "${name}").`,
    );
  }
  for (const [domain, max] of Object.entries(supported.opsets)) {
    const version = Object.hasOwn(opsets, domain) ? (opsets[domain] ?? 0) : 0;
    if (version <= max) continue;
    problems.push(
      `${name} uses version ${version} of the operators of ${domain}, and this ONNX Runtime has up to ${max}. ` +
        `Export it again with an older one (${domain === 'ai.onnx' ? `opset_version=${max}` : `target_opset={"${domain}": ${max}}`}).`,
    );
  }
  return problems;
}

function operatorProblems(name: string, { operators }: OnnxGraph): string[] {
  const domains = [...new Set(operators.map(({ domain }) => domain))].filter((domain) => !knownDomains.has(domain));
  return domains.map((domain) => {
    const names = operators.filter((operator) => operator.domain === domain).map((operator) => operator.name);
    const cure =
      (Object.hasOwn(otherDomains, domain) ? otherDomains[domain] : undefined) ??
      'Export the model so that it uses the operators of ONNX alone, and do in model.ts what these did';
    return `${name} needs operators that ONNX Runtime does not have: ${listed(names)} of ${shown(domain)}. ${cure}.`;
  });
}

async function dataProblems(path: string, { externalData }: OnnxGraph): Promise<string[]> {
  const name = basename(path);
  const missing: string[] = [];
  const problems: string[] = [];
  for (const location of externalData) {
    const inside = normalize(location);
    if (location === '' || inside.startsWith('..') || inside.startsWith('/') || location.includes('\0')) {
      problems.push(
        `${name} keeps weights in ${shown(location)}, outside of its own folder, where ONNX Runtime does not look. Put all files ` +
          'into one folder and save it anew: onnx.save(onnx.load(path), path, save_as_external_data=True).',
      );
      continue;
    }
    const problem = await dataFileProblem(join(dirname(path), location));
    if (problem === 'missing') missing.push(location);
    else if (problem !== undefined) problems.push(`Weights of ${name} are in ${shown(location)}, which ${problem}`);
  }
  if (missing.length > 0) {
    const [file, it] = missing.length === 1 ? ['a file that is', 'it'] : ['files that are', 'them'];
    problems.push(
      `${name} keeps its weights in ${file} missing beside it: ${listed(missing)}. Put ${it} into the same folder, under the same name.`,
    );
  }
  return problems;
}

/** Of files with weights, those are worth recognising that stand for the real one. */
const headBytes = 512;

async function dataFileProblem(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return 'missing';
  if (found.size > headBytes) return undefined;
  const file = await open(path);
  try {
    const head = Buffer.alloc(found.size);
    await file.read(head, 0, head.length, 0);
    const text = head.toString('latin1');
    return text.startsWith('version https://git-lfs.') || found.size === 0 ? otherFormat(head, found.size) : undefined;
  } finally {
    await file.close();
  }
}

type Side = 'input' | 'output';

function tensorProblems({ inputs, outputs }: OnnxGraph): Problem[] {
  const notPassable = [...inputs, ...outputs].filter((tensor) => !isPassable(tensor));
  return [
    ...nameProblems('input', inputs),
    ...nameProblems('output', outputs),
    ...[...new Set(notPassable.map(({ type }) => type))].map((type) => {
      const namesOf = (tensors: readonly GraphTensor[]): string[] =>
        tensors.filter((tensor) => tensor.type === type).map(({ name }) => name);
      return typeProblem(type, { input: namesOf(inputs), output: namesOf(outputs) });
    }),
  ];
}

/** Tensors are passed as properties of an object, under names that ONNX Runtime's binding reads up to a zero. */
function nameProblems(side: Side, tensors: readonly GraphTensor[]): Problem[] {
  const names = tensors.map(({ name }) => name);
  const seen = new Set<string>();
  const twice = names.filter((name) => seen.size === seen.add(name).size);
  const impossible = names.filter((name) => name === '' || name === '__proto__' || name.includes('\0'));
  return [...new Set([...twice, ...impossible])].map((name) => ({
    stops: 'load',
    text:
      `${shown(name)} as the name of an ${side} is ${twice.includes(name) ? 'there twice' : 'one that Node cannot pass'}. ` +
      `Export the model with other names (${side}_names of torch.onnx.export).`,
  }));
}

/** What is no tensor, and how a model does without. What wraps tensors at the edge of a graph is not among it: it is cut off. */
const otherKinds: readonly { readonly kind: RegExp; readonly cure: string }[] = [
  {
    kind: /^sequence\(map\(/,
    cure: 'Export the model without maps: skl2onnx.to_onnx(model, X, options={"zipmap": False}), or zipmap=False in onnxmltools',
  },
  {
    kind: /^sequence\(/,
    cure: 'Export the model so that it stacks them into one tensor (torch.stack, or ConcatFromSequence in ONNX), or has a tensor for each',
  },
  { kind: /^map\(/, cure: 'Export the model with a tensor that has a column for each key' },
  { kind: /^optional\(/, cure: 'Export the model with a tensor that is always there, empty where there is nothing' },
  { kind: /^sparse\(/, cure: 'Export the model with a dense tensor' },
];

/** Why Node cannot pass a tensor of a graph; undefined where it can. */
export const tensorProblem = (side: Side, { name, type }: GraphTensor): Problem | undefined =>
  isPassable({ type }) ? undefined : typeProblem(type, { input: [], output: [], [side]: [name] });

/** Why Node cannot pass the tensors of a type. */
function typeProblem(type: string, names: Readonly<Record<Side, readonly string[]>>): Problem {
  const { input, output } = names;
  const isOne = input.length + output.length === 1;
  const subject = [...sideNames('input', input), ...sideNames('output', output)].join(' and the ');
  const what = `The ${subject} ${isOne ? 'is' : 'are'} ${type}`;
  const cure = otherKinds.find(({ kind }) => kind.test(type))?.cure;
  if (cure !== undefined) {
    return {
      stops: 'tensors',
      text: `${what} and no ${isOne ? 'tensor' : 'tensors'}, and only tensors can be passed. ${cure}.`,
    };
  }
  return {
    stops: 'load',
    text: `${what}, which Node cannot pass. Export the model with float32 there, and a Cast to ${type} inside where it computes in that.`,
  };
}

const sideNames = (side: Side, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${side}${names.length === 1 ? '' : 's'} ${listed(names)}`];

/** Why the requests that /v2 takes cannot reach or leave a file that loads. */
export async function explainTensors(path: string): Promise<string> {
  const { readOnnxGraph } = await import('./read-onnx.ts');
  return (await problemsOf(path, await readOnnxGraph(path))).map(({ text }) => text).join(' ');
}

export function listed(names: readonly string[]): string {
  const some = names
    .slice(0, maxNames)
    .map((name) => shown(name))
    .join(', ');
  return names.length > maxNames ? `${some} and ${names.length - maxNames} more` : some;
}

/** Whether Node can pass the tensor. */
export const isPassable = ({ type }: Pick<GraphTensor, 'type'>): boolean => elementTypes.has(type);

/** A text of a file as a string literal, in which nothing can steer a terminal. */
export const shown = (name: string, maxLength = 100): string =>
  code(name.length > maxLength ? `${name.slice(0, maxLength)}…` : name);

/** A name as it is, or quoted where it would not be seen as what it is. */
export const plain = (name: string): string => (/^[\w.:/+()-]+( [\w.:/+()-]+)*$/.test(name) ? name : shown(name));
