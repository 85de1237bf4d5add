import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { problemsOf } from '../../onnx/problems.ts';
import { NotOnnxError, type OnnxFile, readOnnx } from '../../onnx/read-onnx.ts';
import { CommandError, CommandLineError } from '../command.ts';
import { findProject, type Project } from '../project.ts';
import { Choices, type FlagValues, terminal } from './choices.ts';
import { closingLines } from './closing-lines.ts';
import { filesInProject, filesOfProject } from './files.ts';
import type { ModelToAdd } from './model-to-add.ts';
import { namesOf, projectName, taskOfProject } from './names.ts';
import { formatFiles, installPackages, otherInstaller } from './npm.ts';
import { placeWeights } from './place-weights.ts';
import type { Preset } from './preset.ts';
import { presets } from './presets.ts';
import { withSample } from './sample.ts';
import { pathBelow, schemasOf, targetInNewProject, targetInProject } from './target.ts';
import { writeAll } from './write-all.ts';

export interface ServiceRequest {
  /** Of the project and its task, or of the task that is added to a project. A new project may have a path before its name. */
  readonly name: string;
  /** Of the ONNX file. */
  readonly path: string;
  readonly flags: FlagValues;
  /** The folder from which the command is run. */
  readonly from: string;
}

/**
 * Makes a service of an ONNX file, or adds the model to the service around the current folder.
 * @throws {CommandError} with what to do. Nothing has been written then, unless "npm install" has failed.
 */
export async function makeService({ name, path, flags, from }: ServiceRequest): Promise<void> {
  const onnx = resolve(from, path);
  const file = await readModel(onnx);
  const problems = await problemsOf(onnx, file);
  const fatal = problems.filter(({ stops }) => stops === 'load').map(({ text }) => text);
  if (fatal.length > 0) throw new CommandError(fatal.join('\n'));
  const existing = flags['standalone'] === true ? undefined : projectAround(from);
  const folder = resolve(from, name);
  const task = existing === undefined ? taskOfProject(projectName(basename(folder))) : taskOfProject(name);
  const names = namesOf(String(flags['task'] ?? task), existing !== undefined && schemasOf(existing) !== undefined);
  const target =
    existing === undefined ? targetInNewProject(unusedFolder(folder), names) : targetInProject(existing, names);

  const choices = new Choices(flags, flags['yes'] === true ? undefined : terminal());
  choices.notes.push(...problems.map(({ text }) => text));
  const preset = await choosePreset(choices, file);
  refuseForeignFlags(preset, flags);
  const sample = flags['sample'] === undefined ? undefined : resolve(from, String(flags['sample']));
  const generated = await withSample(
    await preset.write({
      file,
      path: onnx,
      names,
      sample,
      choose: (choice) => choices.choose(choice),
      note: (line) => void choices.notes.push(line),
    }),
    sample,
  );
  const weights = await placeWeights(
    { path: onnx, file },
    generated.weights ?? {},
    pathBelow(target.packageFolder, target.modelFolder),
  );
  const model: ModelToAdd = { generated, names, file, weights, target, onnxName: basename(path), preset: preset.name };
  const files = existing === undefined ? filesOfProject(model) : await filesInProject(model, choices.notes);

  await writeAll(files, weights, target.packageFolder);
  const needsInstall = files.has(join(target.packageFolder, 'package.json'));
  const other = existing === undefined ? undefined : otherInstaller(target.packageFolder);
  const installed = needsInstall && other === undefined && flags['no-install'] !== true;
  if (installed) await installPackages(target.packageFolder);
  else if (needsInstall && existing !== undefined)
    choices.notes.push(`package.json has a new dependency: run "${other ?? 'npm'} install".`);
  const texts = [...files.keys()].filter((at) => /\.(ts|json)$/.test(at));
  const formatted = await formatFiles(target.packageFolder, texts);
  process.stdout.write(
    closingLines(model, { from, isNew: existing === undefined, installed, formatted, notes: choices.notes }),
  );
}

async function readModel(path: string): Promise<OnnxFile> {
  try {
    return await readOnnx(path);
  } catch (error) {
    throw error instanceof NotOnnxError ? new CommandError(error.message, { cause: error }) : error;
  }
}

/** The project around this folder that has a list of models, to add one to. */
function projectAround(from: string): (Project & { readonly models: string }) | undefined {
  const project = findProject(from);
  return project?.models === undefined ? undefined : { ...project, models: project.models };
}

function unusedFolder(folder: string): string {
  const found = existsSync(folder) ? statSync(folder) : undefined;
  if (found === undefined || (found.isDirectory() && readdirSync(folder).length === 0)) return folder;
  throw new CommandError(`${folder} exists and is ${found.isDirectory() ? 'not empty' : 'a file'}. Use another name.`);
}

/** The one that was named, or on a terminal chosen, or that fits best. */
async function choosePreset(choices: Choices, file: OnnxFile): Promise<Preset> {
  const [best] = [...presets].sort((one, other) => other.fits(file) - one.fits(file));
  const { value } = await choices.choose<Preset>({
    flag: 'preset',
    question: `What kind of model is it: ${presets.map(({ name }) => name).join(', ')}`,
    parse: presetNamed,
    show: ({ name }) => name,
    ...(best === undefined ? {} : { fallback: best }),
  });
  return value;
}

function presetNamed(name: string): Preset {
  const preset = presets.find((one) => one.name === name);
  if (preset !== undefined) return preset;
  throw new CommandLineError(
    `There is no preset "${name}". Use --preset with ${presets.map((one) => one.name).join(', ')}.`,
  );
}

function refuseForeignFlags(preset: Preset, flags: FlagValues): void {
  const foreign = presets
    .flatMap((one) => Object.keys(one.flags))
    .find((flag) => flags[flag] !== undefined && !(flag in preset.flags));
  if (foreign === undefined) return;
  const users = presets.filter((one) => foreign in one.flags).map((one) => one.name);
  throw new CommandLineError(`The preset ${preset.name} has no --${foreign}; ${users.join(' and ')} have it.`);
}
