import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { declarationsFolder, digestOfDeclarations } from './declarations.ts';
import { headOf } from './reference-file.ts';

const run = promisify(execFile);

/** TypeDoc needs the compiler's API, which TypeScript 7 does not have. Together they are 41 MB, so they are fetched when needed. */
const packages = { typedoc: '0.28.20', 'typedoc-plugin-markdown': '4.14.1', typescript: '5.9.3' };

/** The SDK's interface and its doc comments as Markdown. */
export async function reference(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-reference-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
      shell: process.platform === 'win32',
    });
    const entry = join(declarationsFolder, 'index.d.ts');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [entry] }));
    await writeFile(join(folder, 'typedoc.json'), JSON.stringify({ ...options, entryPoints: [entry] }));
    await run(process.execPath, ['node_modules/typedoc/bin/typedoc', '--logLevel', 'Error'], { cwd: folder }).catch(
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`TypeDoc: ${error.stdout}${error.stderr}`);
      },
    );
    const text = await readFile(join(folder, 'out', 'reference.md'), 'utf8');
    return `${headOf(digestOfDeclarations())}\n\n${text.trimEnd()}\n`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const compilerOptions = {
  target: 'es2022',
  lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  skipLibCheck: true,
  types: [],
};

const options = {
  plugin: ['typedoc-plugin-markdown'],
  tsconfig: 'tsconfig.json',
  out: 'out',
  name: '@portico/sdk',
  readme: 'none',
  disableGit: true,
  disableSources: true,
  excludeExternals: true,
  groupOrder: ['Functions', 'Classes', 'Interfaces', 'Type Aliases'],
  // One file.
  outputFileStrategy: 'modules',
  entryFileName: 'reference.md',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
};
