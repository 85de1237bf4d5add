import { existsSync, statSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { tell } from '../log.ts';
import { CommandError, CommandLineError, defineCommand, type OptionValues } from './command.ts';
import { compileOnImport, findProject, importModule, isSource, loadModels, type Project } from './project.ts';

/** What the options set in the environment, which configures everything else too. */
const variables = { port: 'PORT', host: 'HOST', device: 'DEVICE' } as const;

export const serverOptions = {
  port: { type: 'string', short: 'p', value: 'N', about: 'Port to listen on, instead of PORT or 8000.' },
  host: { type: 'string', value: 'ADDRESS', about: 'Address or unix socket to listen on, instead of HOST or 0.0.0.0.' },
  device: { type: 'string', value: 'NAME', about: 'Device that models run on, instead of DEVICE or auto.' },
} as const;

export const command = defineCommand({
  usage: '[model.onnx | FOLDER | main.ts]',
  about:
    'Serves an ONNX file, every ONNX file of a folder, or a service of your own; without an argument the service in this folder.\n' +
    'Files are served as they are, under /v2/models. Everything else is configured by environment variables, as any server of Portico.',
  options: serverOptions,
  examples: {
    'portico serve mnist.onnx': 'POST http://localhost:8000/v2/models/mnist/infer',
    'portico serve ./models --port 9000': 'Every <name>.onnx and <name>/<version>/model.onnx in the folder.',
    'portico serve': 'The service in this folder: its main.ts, or all of its models.ts.',
  },
  run: async ({ words, options }) => {
    if (words.length > 1)
      throw new CommandLineError(
        `portico serve takes one file or folder, not ${words.length}. Put the files into a folder.`,
      );
    const [target] = words;
    setEnvironment(options);
    if (target === undefined) return serveProject(requireProject(process.cwd()));
    const path = resolve(target);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new CommandLineError(`There is no file or folder ${target}.`);
    if (stats.isDirectory()) {
      const project = existsSync(join(path, 'package.json')) ? findProject(path) : undefined;
      if (project?.folder === path) return serveProject(project);
      await serveFiles(target);
      return;
    }
    if (/\.(onnx|ort)$/.test(path)) return serveFile(path);
    if (/\.[cm]?[jt]s$/.test(path)) return serveMain(path);
    throw new CommandLineError(`${target} is neither an ONNX file (*.onnx), nor a folder, nor a module (*.ts, *.js).`);
  },
});

export function setEnvironment(given: OptionValues<typeof serverOptions>): void {
  for (const [option, variable] of Object.entries(variables)) {
    const value = given[option as keyof typeof variables];
    if (value !== undefined) process.env[variable] = value;
  }
}

function requireProject(folder: string): Project {
  const project = findProject(folder);
  if (project !== undefined) return project;
  throw new CommandLineError(
    `There is nothing to serve in ${folder}: no main.ts and no models.ts beside a package.json. Name an ONNX file, or a folder of them.`,
  );
}

/** Runs the main module of a project, or starts a server with all of its models. */
export async function serveProject(project: Project): Promise<void> {
  // Weights and samples are named as seen from there.
  process.chdir(project.folder);
  if (project.main !== undefined) return serveMain(project.main, project.folder);
  const { models } = project;
  if (models === undefined) throw new CommandError(`${project.folder} has neither a main.ts nor a models.ts.`);
  const registered = await loadModels({ ...project, models });
  const { start } = await import('../start.ts');
  await start({ models: registered });
}

/** A main module calls `start` itself. It sees the command line that it would have if Node ran it. */
async function serveMain(path: string, folder = findProject(path)?.folder ?? process.cwd()): Promise<void> {
  if (isSource(path)) await compileOnImport(folder);
  process.argv.splice(1, Infinity, path);
  await importModule(path, folder);
}

/** A file that cannot be served ends the command; one of several in a folder is reported by `/ready` and the log. */
async function serveFile(path: string): Promise<void> {
  const [{ NotOnnxError, readOnnxGraph }, { problemsOf }] = await Promise.all([
    import('../onnx/read-onnx.ts'),
    import('../onnx/problems.ts'),
  ]);
  const file = await readOnnxGraph(path).catch((error: unknown) => {
    throw error instanceof NotOnnxError ? new CommandError(error.message, { cause: error }) : error;
  });
  const problems = await problemsOf(path, file);
  if (problems.length > 0) throw new CommandError(problems.map(({ text }) => text).join('\n'));
  const name = modelName(path);
  const url = await serveFiles(`${name}=${path}`);
  if (url?.startsWith('http') === true)
    tell(`${name}: "curl ${url}/v2/models/${name}" says what POST ${url}/v2/models/${name}/infer takes.\n`);
}

/** @param repository what `MODEL_REPOSITORY` takes */
async function serveFiles(repository: string): Promise<string | undefined> {
  process.env['MODEL_REPOSITORY'] = repository;
  const { start } = await import('../start.ts');
  return start({ models: [] });
}

/** The name of a file in URLs, of the characters that those may have. */
function modelName(path: string): string {
  const name = basename(path, extname(path))
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 100);
  return /^\.*$/.test(name) ? 'model' : name;
}
