import { stat } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import type { OnnxFile } from '../../onnx/read-onnx.ts';
import { sha256OfFile } from '../../weights/byte-progress.ts';
import { CommandError } from '../command.ts';

/** A weights file of the model, as it lies in the project. */
export interface PlacedWeights {
  /** In the registration. */
  readonly name: string;
  /** Relative to the package. */
  readonly path: string;
  readonly sha256: string;
}

/** A file to copy into a project. */
export interface WeightsCopy extends PlacedWeights {
  /** Absolute path of what is copied. */
  readonly source: string;
}

/**
 * Where weights go: all of them into `weights` of the model's folder, files that the graph names under exactly these names.
 * @param folder of the model, relative to the package
 * @throws {CommandError} when one is missing, or the graph names a file outside its own folder
 */
export async function placeWeights(
  onnx: { readonly path: string; readonly file: OnnxFile },
  further: Readonly<Record<string, string>>,
  folder: string,
): Promise<WeightsCopy[]> {
  const { path, file } = onnx;
  const target = (name: string): string => `${folder}/weights/${name}`;
  const copies = [{ name: 'network', source: path, path: target(plainName(basename(path))), sha256: file.sha256 }];
  const add = async (name: string, source: string, to: string): Promise<void> => {
    if ((await stat(source).catch(() => undefined))?.isFile() !== true) {
      throw new CommandError(`There is no file ${source}. Put it there and try again.`);
    }
    if (copies.some((copy) => copy.path === to))
      throw new CommandError(`Two weights files would be ${to}. Rename one.`);
    copies.push({ name, source, path: to, sha256: await sha256OfFile(source) });
  };
  for (const [index, location] of file.externalData.entries()) {
    const inside = normalize(location).replaceAll('\\', '/');
    if (/^(\.\.|\/|[A-Za-z]:)/.test(inside) || inside !== plainPath(inside)) {
      throw new CommandError(
        `${basename(path)} names ${JSON.stringify(location)} as the file of its weights, which is no plain name in its own folder. ` +
          'Save the model again: onnx.save(model, "model.onnx", save_as_external_data=True, location="model.onnx.data").',
      );
    }
    await add(index === 0 ? 'networkData' : `networkData${index + 1}`, join(dirname(path), inside), target(inside));
  }
  for (const [name, source] of Object.entries(further)) await add(name, source, target(plainName(basename(source))));
  return copies;
}

/** A file name of letters, digits, dots and dashes, which no shell and no YAML reads as anything else. */
const plainName = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+/, '') || 'network.onnx';

const plainPath = (path: string): string => path.split('/').map(plainName).join('/');
