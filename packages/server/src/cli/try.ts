import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { CommandError, CommandLineError, defineCommand, type OptionValues } from './command.ts';
import { loadModels, requireModels } from './project.ts';

const options = {
  params: {
    type: 'string',
    short: 'p',
    multiple: true,
    value: 'NAME=VALUE',
    about: 'A parameter, or all of them as JSON: \'{"invert":true}\'. It may be repeated.',
  },
  tensors: { type: 'boolean', short: 't', about: 'Show the tensors that went into each session and came out of it.' },
  watch: { type: 'boolean', short: 'w', about: 'Run again when a file of the service changes.' },
  output: { type: 'string', short: 'o', value: 'FILE', about: 'Write the picture or other bytes of the output there.' },
  device: { type: 'string', value: 'NAME', about: 'Device that the model runs on, instead of DEVICE or auto.' },
} as const;

export const command = defineCommand({
  usage: 'NAME[:VARIANT] FILE',
  about:
    'Runs one model of this service on one input, in a real engine and without HTTP. The output goes to standard output as JSON; the device,\n' +
    'times and memory, what the model prints and what is wrong go to standard error. For a task that takes JSON, FILE is a .json file, JSON\n' +
    'itself, or - for standard input; for one that takes several files it is NAME=FILE for each.',
  options,
  examples: {
    'portico try digit seven.png': 'The output, and how long it took.',
    'portico try digit photo.jpg -p invert=true --tensors': 'What the network got and returned.',
    'portico try digit seven.png --watch': 'Again whenever a file is saved.',
    'portico try double \'{"values":[1,2,3,4]}\'': 'A task that takes JSON.',
  },
  run: async ({ words: [model, ...inputs], options }) => {
    if (model === undefined || inputs.length === 0)
      throw new CommandLineError(
        'Say which model and which file: portico try NAME FILE. "portico try --help" says more.',
      );
    if (options.watch === true) {
      const { runOnChange } = await import('./try/run-on-change.ts');
      return runOnChange(requireModels());
    }
    await tryOnce(model, inputs, options);
  },
});

async function tryOnce(entry: string, words: readonly string[], given: OptionValues<typeof options>): Promise<void> {
  const project = requireModels();
  const models = await loadModels(project);
  if (given.device !== undefined) process.env['DEVICE'] = given.device;
  const [{ prepareTrial }, { readTrialInput }, { runTrial }, report] = await Promise.all([
    import('./try/prepare.ts'),
    import('./try/input.ts'),
    import('./try/run-trial.ts'),
    import('./try/report.ts'),
  ]);
  const trial = prepareTrial(entry, models, project);
  const input = await readTrialInput(trial.task, words, given.params ?? []);
  const result = await runTrial(trial, input, { onPrinted: (line) => process.stderr.write(`${line}\n`) });
  process.stderr.write(report.factsOf(result, { ...trial, tensors: given.tensors === true }));
  if ('error' in result) {
    process.stderr.write(`${await report.errorOf(result.error, project.folder)}\n`);
    process.exitCode = 1;
    return;
  }
  const output = JSON.parse(Buffer.from(result.output).toString()) as unknown;
  // What -o writes into a file is not read on standard output too.
  const shorten = process.stdout.isTTY || given.output !== undefined;
  process.stdout.write(`${report.outputText(output, { shorten })}\n`);
  const { produces } = trial.task;
  if (given.output === undefined) return;
  if (produces === undefined)
    throw new CommandError(`The task ${trial.task.name} produces no bytes to write into ${basename(given.output)}.`);
  const dataUrl = String((output as Record<string, unknown>)[produces.field]);
  await writeFile(given.output, Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
}
