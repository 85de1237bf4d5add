import { basename } from 'node:path';
import { listed, problemsOf, shown } from './problems.ts';
import { NotOnnxError, type OnnxGraph, readOnnxGraph } from './read-onnx.ts';

// ONNX Runtime has no error codes, only words; load-failures.test.ts makes it say them.

/** Of the operators of ai.onnx: older ones have hardly been implemented, https://onnxruntime.ai/docs/reference/compatibility.html */
const oldestOpset = 7;
/** One that exporters and runtimes of many years have. */
const commonOpset = 17;

interface Reason {
  readonly pattern: RegExp;
  /** Goes behind the name of the file: what is wrong. What to do. */
  readonly says: (parts: readonly string[], file: OnnxGraph) => string;
}

/** Reasons that can be said better, as what is wrong with the file. */
const reasons: readonly Reason[] = [
  {
    pattern: /No Op registered for (\S+) with domain_version of (\d+)/,
    says: ([operator = '', version = '']) =>
      `needs the operator ${operator}, which version ${version} of the operators does not have. Export it again, with a newer ` +
      'exporter or another opset_version.',
  },
  {
    pattern: /Fatal error: ([\w.]+):(\w+)\(-1\) is not a registered function/,
    says: ([domain = '', operator = '']) =>
      `needs the operator ${operator} of ${domain}, which this ONNX Runtime does not have. Export it again without the ` +
      'optimizations of another version of ONNX Runtime.',
  },
  {
    pattern: /Failed to find kernel for (\w+)\((\d+)\).*has the following type \(tensor\((\w+)\)\)/s,
    says: ([operator = '', version = '', type = '']) =>
      `uses ${operator} (version ${version}) with ${type}, which this ONNX Runtime has not implemented on this device. Export it ` +
      'with float32 or int64 there.',
  },
  {
    pattern: /(?:Could not find an implementation|Failed to find kernel) for (\w+)\((\d+)\)/,
    says: ([operator = '', version = ''], { opsets }) => {
      const used = opsets['ai.onnx'] ?? oldestOpset;
      return used < oldestOpset
        ? `uses ${operator} of version ${used} of the operators, which ONNX Runtime implements from ${oldestOpset}. Export it again with ` +
            `a newer one, or convert it in Python: onnx.version_converter.convert_version(model, ${commonOpset}).`
        : `uses ${operator} (version ${version}), which this ONNX Runtime has not implemented on this device with these types, or not ` +
            `at all. Export it with float32 or int64 there, with another opset_version, or without ${operator}.`;
    },
  },
  {
    pattern: /\(layout == 1\) are not supported/,
    says: (_, { operators }) =>
      `has recurrent layers with layout=1, batch first, which ONNX Runtime has not implemented: ${listed(recurrent(operators))}. ` +
      'Export it with layout=0, and with a Transpose before and after them.',
  },
  {
    pattern: /Failed to construct locale with name:([\w.@-]+)/,
    says: ([locale = '']) =>
      `has a StringNormalizer for the locale ${locale}, which this system does not have. Install it (on Debian: apt-get install ` +
      'locales, and locale-gen), or export with another: options={TfidfVectorizer: {"locale": "C.UTF-8"}} in skl2onnx.',
  },
  {
    pattern: /external (data|initializer)/i,
    says: () => 'does not fit its file of weights. Get both files again from one place, and keep them together.',
  },
];

const recurrent = (operators: OnnxGraph['operators']): string[] =>
  operators.map(({ name }) => name).filter((name) => ['GRU', 'LSTM', 'RNN'].includes(name));

/** An error of ONNX Runtime that refused a file, as what is wrong with the file where that is known. */
export async function explainLoadFailure(path: string, cause: unknown): Promise<unknown> {
  let file: OnnxGraph;
  try {
    file = await readOnnxGraph(path);
  } catch (error) {
    return error instanceof NotOnnxError ? new Error(error.message, { cause }) : cause;
  }
  const problems = (await problemsOf(path, file)).filter(({ stops }) => stops === 'load');
  if (problems.length > 0) return new Error(problems.map(({ text }) => text).join(' '), { cause });
  const message = cause instanceof Error ? cause.message : String(cause);
  const name = basename(path);
  for (const { pattern, says } of reasons) {
    const [found, ...parts] = pattern.exec(message) ?? [];
    if (found !== undefined) return new Error(`${name} ${says(parts, file)}`, { cause });
  }
  const reason = otherReason(message);
  if (reason === undefined) return cause;
  return new Error(
    `${name} is refused by ONNX Runtime: ${reason} Export it again, with a newer exporter or another opset_version; in Python, ` +
      `onnx.checker.check_model(${shown(name)}, full_check=True) may say more.`,
    { cause },
  );
}

/** What ONNX Runtime refuses a graph with; what a machine lacks comes in other words. */
const refusal = /^(?:Load model from .*? failed|Exception during initialization): ?/s;
/** A place in ONNX Runtime's own source, the function there, and the condition that it found unmet. */
const sourcePlace = /^\S+\.\w+:\d+ .+?[)>](?: const)?(?: \[with [^\]]*\])? (?:.*? was false\. )?/s;
/** What it says before the reason itself. */
const preamble = /^(?:This is an invalid model\. |Invalid model\. )?(?:(?:Type )?Error: )?/;
const inNode = /^In Node, \("([^"]*)", (\w+), .* , Error (.*)$/s;
const ofNode = /^Node \((.*?)\) Op \((\w+)\) \[ShapeInferenceError\] (.*)$/s;
/** A machine that is short of memory, or has trouble with its GPU, says nothing about the file. */
const ofMachine = /alloc|out of memory|cuda|cudnn|cublas|dml|webgpu/i;

/** The reason without what is about ONNX Runtime's source, as a sentence; undefined where the file is not to blame. */
function otherReason(message: string): string | undefined {
  if (!refusal.test(message) || ofMachine.test(message)) return undefined;
  const reason = message.replace(refusal, '').replace(sourcePlace, '').trim().replace(preamble, '');
  const [found, name = '', operator = '', fault = ''] = inNode.exec(reason) ?? ofNode.exec(reason) ?? [];
  const place = name === '' ? operator : `${operator} (${shown(name)})`;
  const sentence = (found === undefined ? reason : `in ${place}, ${fault}`).replaceAll(/\s+/g, ' ');
  return sentence === '' ? undefined : sentence.endsWith('.') ? sentence : `${sentence}.`;
}
