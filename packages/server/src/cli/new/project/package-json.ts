import { version } from '../../../version.ts';

/** Portico's packages are released together, in one version. */
const thisRelease = `^${version}`;
const thirdParty = { zod: '^4.1.0' };
const tools = {
  '@types/node': '^20.19.0',
  oxfmt: '^0.79.0',
  oxlint: '^1.94.0',
  // Runs TypeScript on Node 20: `dev`, `try` and the tests, in engines too.
  tsx: '^4.23.0',
  typescript: '^7.0.2',
};

/** Skipped: onnxruntime-node would download CUDA libraries from outside the npm registry; the others only check what they already have. */
const skippedScripts = { esbuild: false, koffi: false, 'onnxruntime-node': false };

/** package.json of a project that serves models. `packages` are those that its model needs; `true` is this release of Portico. */
export function packageJson(name: string, packages: Readonly<Record<string, string | true>>): string {
  const manifest = {
    name,
    version: '0.1.0',
    private: true,
    type: 'module',
    main: './dist/main.js',
    scripts: {
      dev: 'portico dev',
      build: 'tsc',
      prestart: 'npm run build',
      start: 'node dist/main.js',
      try: 'portico try',
      client: 'node --import tsx client.ts',
      test: 'node --import tsx --test */*.test.ts',
      lint: 'oxlint --deny-warnings && tsc --noEmit',
      format: 'oxfmt .',
    },
    dependencies: sorted({
      ...thirdParty,
      '@portico/schemas': thisRelease,
      '@portico/server': thisRelease,
      ...packageRanges(packages),
    }),
    devDependencies: sorted({ ...tools, '@portico/sdk': thisRelease }),
    engines: { node: '>=20.19' },
    allowScripts: skippedScripts,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The dependencies that a model adds to a project that exists; undefined when it has them all. */
export function withPackages(text: string, packages: Readonly<Record<string, string | true>>): string | undefined {
  const manifest = JSON.parse(text) as { dependencies?: Record<string, string> };
  const missing = Object.entries(packageRanges(packages)).filter(
    ([name]) => manifest.dependencies?.[name] === undefined,
  );
  if (missing.length === 0) return undefined;
  const dependencies = sorted({ ...manifest.dependencies, ...Object.fromEntries(missing) });
  return `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`;
}

const packageRanges = (packages: Readonly<Record<string, string | true>>): Record<string, string> =>
  Object.fromEntries(Object.entries(packages).map(([name, range]) => [name, range === true ? thisRelease : range]));

const sorted = (entries: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1)));
