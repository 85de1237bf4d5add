import { basename } from 'node:path';
import { CommandLineError, defineCommand, type Options } from './command.ts';
import { presets } from './new/presets.ts';

const common = {
  preset: {
    type: 'string',
    value: 'NAME',
    about: `What kind of model it is: ${presets.map(({ name }) => name).join(', ')}.`,
  },
  task: { type: 'string', value: 'NAME', about: 'The name of the task: of the route, the SDK method and the folder.' },
  sample: { type: 'string', value: 'FILE', about: 'An input to try the model on, in place of a generated one.' },
  standalone: { type: 'boolean', about: 'Make a project of its own, also inside of another.' },
  yes: { type: 'boolean', short: 'y', about: 'Ask nothing.' },
  'no-install': { type: 'boolean', about: 'Leave out "npm install".' },
} as const satisfies Options;

const ofPresets: Options = Object.fromEntries(
  presets.flatMap(({ flags }) =>
    Object.entries(flags).map(([name, { value }]) => {
      const option = value === undefined ? { type: 'boolean' as const } : { type: 'string' as const, value };
      return [name, { ...option, about: aboutFlag(name) }];
    }),
  ),
);

/** What a flag means to the presets that have it: not the same to all of them. */
function aboutFlag(flag: string): string {
  const users = new Map<string, string[]>();
  for (const { name, flags } of presets) {
    const about = flags[flag]?.about;
    if (about !== undefined) users.set(about, [...(users.get(about) ?? []), name]);
  }
  return [...users].map(([about, names]) => `${names.join(', ')}: ${about}`).join(' ');
}

export const command = defineCommand({
  usage: 'NAME model.onnx',
  about:
    'Makes a service of an ONNX file: a typed contract, pre- and postprocessing to adapt, a test, a client, an image.\n' +
    'Inside of a project that serves models it adds the model there. What the file does not say is asked on a terminal.\n\n' +
    `Presets:\n${presets.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}`).join('\n')}`,
  options: { ...ofPresets, ...common },
  examples: {
    'npx --ignore-scripts @portico/server new digits mnist.onnx': 'A project in ./digits.',
    'portico new digits mnist.onnx --preset raw --yes': 'The same, asking nothing.',
  },
  async run({ words, options }) {
    const [name, path, ...rest] = words;
    if (name === undefined || path === undefined || rest.length > 0) {
      const example = path === undefined ? 'model.onnx' : basename(path);
      throw new CommandLineError(`Name the project and the ONNX file: "portico new digits ${example}".`);
    }
    const { makeService } = await import('./new/make-service.ts');
    await makeService({ name, path, flags: options, from: process.cwd() });
  },
});
