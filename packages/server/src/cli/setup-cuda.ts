import { CommandError, CommandLineError, defineCommand } from './command.ts';

export const command = defineCommand({
  usage: '',
  about:
    "Puts ONNX Runtime's libraries for CUDA beside the installed onnxruntime-node, and says what else a GPU needs.\n" +
    'PORTICO_CUDA_PACKAGE is the package itself, a path or a URL; PORTICO_CUDA_FEED the index of another NuGet feed; PORTICO_CUDA_SHA256 what the package must have.',
  options: {
    check: { type: 'boolean', about: 'Install nothing; exit with 1 if anything is missing.' },
    runtime: { type: 'string', value: 'FOLDER', about: 'Another onnxruntime-node than the one that Portico loads.' },
  },
  examples: { 'portico setup-cuda --check': 'Says what is missing on this machine.' },
  run: async ({ words, options }) => {
    if (words.length > 0) throw new CommandLineError('portico setup-cuda takes options only.');
    const { setupCuda } = await import('../cuda/setup.ts');
    const done = await setupCuda(options).catch((error: unknown) => {
      throw new CommandError(error instanceof Error ? error.message : String(error), { cause: error });
    });
    if (!done) process.exitCode = 1;
  },
});
