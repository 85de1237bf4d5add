import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { listEdits } from './lists.ts';
import { type ModelToAdd, samplePath } from './model-to-add.ts';
import { moduleText } from './module-text.ts';
import { clientModule } from './project/client.ts';
import { containerFiles } from './project/container-files.ts';
import { instructions } from './project/instructions.ts';
import { modelFiles } from './project/model-files.ts';
import { packageJson, withPackages } from './project/package-json.ts';
import { readme } from './project/readme.ts';
import { rootFiles } from './project/root-files.ts';
import { pathBelow } from './target.ts';

/** Texts and bytes by absolute path. */
type Files = Map<string, string | Uint8Array>;

/** Everything of a new project but its weights. */
export function filesOfProject(model: ModelToAdd): Files {
  const { packageFolder } = model.target;
  const project = basename(packageFolder);
  const root = {
    ...rootFiles(model.names),
    ...containerFiles(project),
    'client.ts': clientText(model, packageFolder),
    'package.json': packageJson(project, model.generated.packages ?? {}),
    'README.md': readme(model),
    'CLAUDE.md': instructions(model),
  };
  return new Map([
    ...Object.entries(root).map(([at, text]) => [join(packageFolder, at), text] as const),
    ...folderOf(model),
  ]);
}

/**
 * What is added to a project: the model's folder, and the lists that name it. A list that does not look as expected stays as it is, and
 * a note says what to write into it.
 */
export async function filesInProject(model: ModelToAdd, notes: string[]): Promise<Files> {
  const { target, names, generated } = model;
  const files = folderOf(model);
  if (target.schemas === undefined)
    files.set(join(target.modelFolder, 'client.ts'), clientText(model, target.modelFolder));
  for (const { path, edit, byHand } of listEdits(target, names)) {
    const text = edit(await readFile(path, 'utf8'));
    if (text === undefined) notes.push(`${pathBelow(target.packageFolder, path)} is not as expected: ${byHand}.`);
    else files.set(path, text);
  }
  const manifest = join(target.packageFolder, 'package.json');
  const changed = existsSync(manifest)
    ? withPackages(await readFile(manifest, 'utf8'), generated.packages ?? {})
    : undefined;
  if (changed !== undefined) files.set(manifest, changed);
  return files;
}

function folderOf({ generated, names, file, weights, target }: ModelToAdd): Files {
  const sample = samplePath({ generated, target });
  // This repository starts at its root, above the package of the models.
  const start = target.schemas === undefined ? target.packageFolder : dirname(target.packageFolder);
  const samplePathFromStart = pathBelow(start, join(target.packageFolder, sample));
  const files = modelFiles(generated, { names, file, weights, layout: target, samplePath: samplePathFromStart });
  return new Map([
    [target.contract, moduleText(generated.contract, target.contractFrom)],
    ...Object.entries(files).map(([at, content]) => [join(target.modelFolder, at), content] as const),
  ]);
}

function clientText({ generated, names, target }: ModelToAdd, folder: string): string {
  const contract = `./${pathBelow(folder, target.contract)}`;
  return clientModule(generated, names, { contract, sample: samplePath({ generated, target }) });
}
