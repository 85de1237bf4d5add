#!/usr/bin/env node
import { constants } from 'node:os';
import { catchStopSignals, onStopSignal, releaseStopSignals } from '../signals.ts';
import { type Command, CommandError, CommandLineError, type Options, runCommand, table } from './command.ts';

// Before anything else is loaded: the process may be the first of a container.
catchStopSignals();

/** How often this process looks whether the shell that npm started it with is still there. */
const parentCheckMs = 500;

interface Entry {
  /** One line for the help. */
  readonly about: string;
  readonly load: () => Promise<Command>;
}

const entry = <O extends Options>(about: string, load: () => Promise<{ readonly command: Command<O> }>): Entry => ({
  about,
  load: async () => (await load()).command,
});

/** Every command, in the order of the help. One line adds one: a module of this folder that exports `command`. */
const commands: Readonly<Record<string, Entry>> = {
  new: entry('make a service of an ONNX file', () => import('./new.ts')),
  inspect: entry('say what is in an ONNX file, and what keeps it from being served', () => import('./inspect.ts')),
  try: entry('run a model of a service on one file, without a server', () => import('./try.ts')),
  dev: entry('serve a service from source, and reload what changes', () => import('./dev.ts')),
  serve: entry('serve an ONNX file, a folder of them, or a service', () => import('./serve.ts')),
  'setup-cuda': entry('install what ONNX Runtime needs for an NVIDIA GPU', () => import('./setup-cuda.ts')),
};

process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // Whoever reads it has enough, as head does.
  if (code === 'EPIPE') return;
  process.stderr.write(`The output cannot be written: ${message}.\n`);
  process.exitCode = 1;
});
stopWithNpm();
await run(process.argv.slice(2)).catch((error: unknown) => {
  const expected = error instanceof CommandError;
  process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(expected ? error.exitCode : 1);
});

async function run([name = '--help', ...args]: readonly string[]): Promise<void> {
  if (name === '--help' || name === '-h' || (name === 'help' && args.length === 0)) {
    process.stdout.write(helpOfAll());
    return;
  }
  if (name === '--version' || name === '-v') {
    const { version } = await import('../version.ts');
    process.stdout.write(`${version}\n`);
    return;
  }
  if (name === 'help') return run([...args, '--help']);
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (found === undefined)
    throw new CommandLineError(`There is no command "${name}". Use ${Object.keys(commands).join(', ')}, or --help.`);
  // Of a server a stop is the end that one wants. Anything else has not done what it was to do.
  if (name === 'new' || name === 'inspect') releaseStopSignals();
  else if (name !== 'serve' && name !== 'dev') onStopSignal((signal) => process.exit(128 + constants.signals[signal]));
  const { handOver } = await import('./project.ts');
  if (await handOver()) return;
  await runCommand(name, await found.load(), args);
}

function helpOfAll(): string {
  const rows = Object.entries(commands).map(([name, { about }]): [string, string] => [`portico ${name}`, about]);
  return `Portico serves ONNX models from TypeScript.\n\n${table(rows)}\n\n"portico COMMAND --help" says how a command is used.\n`;
}

/**
 * Stops when npm is to stop: npm hands a signal to the shell that it runs a script with, and the shell ends without handing it on. There is no
 * event for that.
 */
function stopWithNpm(): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, parentCheckMs).unref();
}
