import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CommandError } from '../command.ts';

/** What of esbuild is used. It comes with tsx. */
interface Esbuild {
  readonly build: (
    options: object,
  ) => Promise<{ readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> } }>;
}

interface BuildMessage {
  readonly text: string;
  readonly location: {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly lineText: string;
  } | null;
}

/** The modules that an entry imports from files, itself included; or why there are none, with the place. */
export type ModuleGraph = { readonly files: ReadonlySet<string> } | { readonly error: string };

/**
 * Finds which modules belong to an entry, without running any of them. Packages are not followed.
 * @throws {CommandError} if the project has no tsx, which brings esbuild.
 */
export async function openModuleGraphs(folder: string): Promise<(entries: readonly string[]) => Promise<ModuleGraph>> {
  const { build } = await findEsbuild(folder);
  return async (entries) => {
    try {
      const { metafile } = await build({
        entryPoints: [...entries],
        absWorkingDir: folder,
        bundle: true,
        metafile: true,
        write: false,
        // Of several entries each would be written, if anything were.
        outdir: folder,
        packages: 'external',
        platform: 'node',
        format: 'esm',
        target: 'esnext',
        logLevel: 'silent',
      });
      return { files: new Set(Object.keys(metafile.inputs).map((path) => resolve(folder, path))) };
    } catch (error) {
      const { errors = [] } = error as { errors?: readonly BuildMessage[] };
      if (errors.length === 0) throw error;
      return { error: errors.map(messageText).join('\n') };
    }
  };
}

async function findEsbuild(folder: string): Promise<Esbuild> {
  try {
    const tsx = createRequire(join(folder, 'package.json')).resolve('tsx');
    return (await import(pathToFileURL(createRequire(tsx).resolve('esbuild')).href)) as Esbuild;
  } catch (cause) {
    throw new CommandError(`portico dev needs tsx, which ${folder} does not have: run "npm install --save-dev tsx".`, {
      cause,
    });
  }
}

function messageText({ text, location }: BuildMessage): string {
  if (location === null) return text;
  const { file, line, column, lineText } = location;
  return `${file}:${line}:${column + 1}: ${text}\n  ${lineText}\n  ${' '.repeat(column)}^`;
}
