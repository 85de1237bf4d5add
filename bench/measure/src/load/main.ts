import { closedLoop } from './closed-loop.ts';
import { formatResult, parseCommand, usage } from './command-line.ts';
import { openLoop } from './open-loop.ts';

try {
  const command = parseCommand(process.argv.slice(2));
  const result = command.kind === 'open' ? await openLoop(command.options) : await closedLoop(command.options);
  console.log(formatResult(result));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 1;
}
