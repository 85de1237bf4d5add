import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type OnnxFile, readOnnx } from '../../onnx/read-onnx.ts';
import { CommandError, CommandLineError } from '../command.ts';
import { findProject, type Project } from '../project.ts';
import { Choices, type FlagValues, terminal } from './choices.ts';
import { closingLines } from './closing-lines.ts';
import { filesInProject, filesOfProject } from './files.ts';
import type { ModelToAdd } from './model-to-add.ts';
import { namesOf, projectName, taskOfProject } from './names.ts';
import { formatFiles, installPackages } from './npm.ts';
import { copyWeights, placeWeights } from './place-weights.ts';
import type { Preset } from './preset.ts';
import { presets } from './presets.ts';
import { withSample } from './sample.ts';
import { pathBelow, schemasOf, targetInNewProject, targetInProject } from './target.ts';

export interface ServiceRequest {
  /** Of the project and its task, or of the task that is added to a project. A new project may have a path before its name. */
  readonly name: string;
  /** Of the ONNX file. */
  readonly path: string;
  readonly flags: FlagValues;
}

/**
 * Makes a service of an ONNX file, or adds the model to the service around the current folder.
 * @throws {CommandError} with what to do. Nothing has been written then, unless "npm install" has failed.
 */
export async function makeService({ name, path, flags }: ServiceRequest): Promise<void> {
  const file = await readModel(path);
  const existing = flags['standalone'] === true ? undefined : projectAround();
  const folder = resolve(name);
  const task = existing === undefined ? taskOfProject(projectName(basename(folder))) : taskOfProject(name);
  const names = namesOf(String(flags['task'] ?? task), existing !== undefined && schemasOf(existing) !== undefined);
  const target =
    existing === undefined ? targetInNewProject(unusedFolder(folder), names) : targetInProject(existing, names);

  const choices = new Choices(flags, flags['yes'] === true ? undefined : terminal());
  const preset = await choosePreset(choices, file);
  refuseForeignFlags(preset, flags);
  const sample = flags['sample'] === undefined ? undefined : resolve(String(flags['sample']));
  const generated = await withSample(
    await preset.write({
      file,
      path: resolve(path),
      names,
      sample,
      choose: (choice) => choices.choose(choice),
      note: (line) => void choices.notes.push(line),
    }),
    sample,
  );
  const weights = await placeWeights(
    { path: resolve(path), file },
    generated.weights ?? {},
    pathBelow(target.packageFolder, target.modelFolder),
  );
  const model: ModelToAdd = { generated, names, file, weights, target, onnxName: basename(path), preset: preset.name };
  const files = existing === undefined ? filesOfProject(model) : await filesInProject(model, choices.notes);

  for (const [at, content] of files) {
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, content);
  }
  await copyWeights(weights, target.packageFolder);
  const installed = flags['no-install'] !== true && files.has(join(target.packageFolder, 'package.json'));
  if (installed) await installPackages(target.packageFolder);
  const texts = [...files.keys()].filter((at) => /\.(ts|json)$/.test(at));
  const formatted = await formatFiles(target.packageFolder, texts);
  process.stdout.write(closingLines(model, { isNew: existing === undefined, formatted, notes: choices.notes }));
}

async function readModel(path: string): Promise<OnnxFile> {
  try {
    return await readOnnx(path);
  } catch (error) {
    throw error instanceof Error && error.name === 'NotOnnxError' ? new CommandError(error.message) : error;
  }
}

/** The project around this folder that has a list of models, to add one to. */
function projectAround(): (Project & { readonly models: string }) | undefined {
  const project = findProject();
  return project?.models === undefined ? undefined : { ...project, models: project.models };
}

function unusedFolder(folder: string): string {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return folder;
  throw new CommandError(`${folder} exists and is not empty. Use another name.`);
}

/** The one that was named, or on a terminal chosen, or that fits best. */
async function choosePreset(choices: Choices, file: OnnxFile): Promise<Preset> {
  const [best] = [...presets].sort((one, other) => other.fits(file) - one.fits(file));
  const { value } = await choices.choose<Preset>({
    flag: 'preset',
    question: `What kind of model is it (${presets.map(({ name }) => name).join(', ')})`,
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
