import { CommandLineError, defineCommand } from './command.ts';
import { requireModels } from './project.ts';
import { serverOptions, setEnvironment } from './serve.ts';

export const command = defineCommand({
  usage: '',
  about:
    'Serves this service from source. When the code of a model changes, its engines are reloaded: the new one is warm before the old one goes.\n' +
    'When a contract, a registration or a weights file changes, the server starts again. Code that does not load is reported, and what was\n' +
    'served before goes on.',
  options: serverOptions,
  examples: { 'portico dev': 'On port 8000, with one engine a model.', 'portico dev -p 9000': 'On another port.' },
  run: async ({ words, options }) => {
    if (words.length > 0)
      throw new CommandLineError('portico dev takes no argument: run it in the folder of the service.');
    setEnvironment(options);
    const project = requireModels();
    const { Supervisor } = await import('./dev/supervisor.ts');
    await new Supervisor(project).run();
  },
});
