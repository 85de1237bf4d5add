import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The reference in the documentation. */
export const referenceFile = join(import.meta.dirname, '../../../docs/sdk/reference.md');

/** The command that writes it. */
export const command = 'npm run docs:api';

/** The declarations of the built SDK. */
const declarationsFolder = join(dirname(createRequire(import.meta.url).resolve('@portico/sdk/package.json')), 'dist');

/** What the package exports, as `@portico/sdk` and `@portico/sdk/trpc`. */
const entries = ['index.js', 'trpc.js'];

const run = promisify(execFile);

/** TypeDoc needs the compiler's API, which TypeScript 7 lacks. Together they are 41 MB, so they are installed when needed. */
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
    // One entry, so that types have one place each, whichever module they are imported from.
    const entry = join(folder, 'entry.d.ts');
    await writeFile(entry, entries.map((module) => `export * from '${join(declarationsFolder, module)}';`).join('\n'));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [entry] }));
    await writeFile(join(folder, 'typedoc.json'), JSON.stringify({ ...options, entryPoints: [entry] }));
    await run(process.execPath, ['node_modules/typedoc/bin/typedoc', '--logLevel', 'Error'], { cwd: folder }).catch(
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`TypeDoc: ${error.stdout}${error.stderr}`);
      },
    );
    const text = await readFile(join(folder, 'out', 'reference.md'), 'utf8');
    const [title = '', ...rest] = text.trimEnd().split('\n');
    return [headOf(digestOfDeclarations()), '', title, '', whereFrom, ...rest, ''].join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const whereFrom =
  '`createTRPC`, `transformer`, `porticoErrorOf`, `AppRouter` and the other types of tRPC are imported from `@portico/sdk/trpc`, all else from `@portico/sdk`.';

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

/** The first line of the reference: what it was written from. */
export const headOf = (digest: string): string =>
  `<!-- Written by ${command} from declarations with sha256 ${digest}. -->`;

/** A digest of everything that the reference is written from. */
export function digestOfDeclarations(folder = declarationsFolder): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.d.ts'));
  for (const file of files.sort()) hash.update(`${file}\n${readFileSync(join(folder, file), 'utf8')}\n`);
  return hash.digest('hex');
}
