import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CommandError, CommandLineError, defineCommand } from './command.ts';

const options = {
  json: { type: 'boolean', about: 'Print all of it as JSON.' },
  signature: { type: 'boolean', about: 'Print the signature.ts of a model for this file.' },
} as const;

export const command = defineCommand({
  usage: 'model.onnx',
  about:
    'Says what is in an ONNX file: tensors, operators, versions, metadata, weights, whether requests can share a run, and what keeps this\n' +
    'runtime from serving it, with the cure. The exit code is 1 if anything does. The file is read without ONNX Runtime.',
  options,
  examples: {
    'portico inspect mnist.onnx': 'What is in the file.',
    'portico inspect mnist.onnx --signature > digits/signature.ts': 'The types of its tensors for a model.',
    'portico inspect mnist.onnx --json': 'The same for programs: inputs, outputs, operators, problems …',
  },
  run: async ({ words: [path, ...more], options: { json = false, signature = false } }) => {
    if (path === undefined || more.length > 0)
      throw new CommandLineError('Name one ONNX file: portico inspect model.onnx.');
    if (json && signature) throw new CommandLineError('Use --json or --signature, not both.');
    const [{ NotOnnxError, readOnnx }, { problemsOf }, { rowBatching }] = await Promise.all([
      import('../onnx/read-onnx.ts'),
      import('../onnx/problems.ts'),
      import('../onnx/row-batching.ts'),
    ]);
    const file = await readOnnx(path).catch((error: unknown) => {
      throw error instanceof NotOnnxError ? new CommandError(error.message, { cause: error }) : error;
    });
    const problems = await problemsOf(path, file);
    const rows = rowBatching(file);
    if (problems.length > 0) process.exitCode = 1;
    const name = basename(path);
    const externalBytes = await bytesOf(file.externalData.map((location) => join(dirname(path), location)));
    if (json) return write(`${JSON.stringify({ name, ...file, externalBytes, rows, problems }, null, 2)}\n`);
    if (signature) {
      const { signatureSource } = await import('../onnx/signature-source.ts');
      for (const { text } of problems) process.stderr.write(`${text}\n`);
      return write(signatureSource(file));
    }
    const { inspectionText } = await import('./inspect/text.ts');
    write(inspectionText(name, { file, externalBytes, rows, problems }));
  },
});

/** How much there is of these files; what is missing is among the problems. */
async function bytesOf(paths: readonly string[]): Promise<number> {
  let sum = 0;
  for (const path of paths) sum += (await stat(path).catch(() => undefined))?.size ?? 0;
  return sum;
}

const write = (text: string): void => void process.stdout.write(text);
