import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const packages = join(import.meta.dirname, '../../../../packages');

interface Manifest {
  readonly name: string;
  readonly publishConfig: { readonly exports?: Readonly<Record<string, Entry>> };
  readonly exports: Readonly<Record<string, Entry>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}
type Entry = string | { readonly types: string; readonly default: string } | ForBoth;

/** What `import` gets and what `require` does. */
interface ForBoth {
  readonly import: { readonly types: string };
  readonly require: { readonly types: string };
}

const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as Manifest;

function typesOf(target: Entry): string[] {
  if (typeof target === 'string') return [target.replace(/\.js$/, '.d.ts')];
  return 'import' in target ? [target.import.types, target.require.types] : [target.types];
}

/** Packages that the declarations behind an entry name, and the declarations themselves. */
function reachable(entry: string): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const named = new Set<string>();
  const follow = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, from, imported] of readFileSync(file, 'utf8').matchAll(
      /(?:\bfrom |^import )['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]/gm,
    )) {
      const specifier = from ?? imported ?? '';
      if (specifier.startsWith('.')) follow(resolve(dirname(file), specifier.replace(/\.(c?)[jt]s$/, '.d.$1ts')));
      else named.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    }
  };
  follow(entry);
  return { files: [...files], packages: [...named].sort() };
}

describe.each(['schemas', 'api', 'media', 'server', 'sdk'])('the declarations of @portico/%s', (name) => {
  const { publishConfig, exports, dependencies, peerDependencies } = manifestOf(name);
  const entries = Object.entries(publishConfig.exports ?? exports).flatMap(([entry, target]) => {
    return typesOf(target)
      .filter((types) => /\.d\.c?ts$/.test(types))
      .map((types) => [`${entry} (${types})`, join(packages, name, types)] as const);
  });

  it.each(entries)('name only packages that are installed with it: %s', (_entry, file) => {
    const installed = Object.keys({ ...dependencies, ...peerDependencies });
    const isNode = (imported: string): boolean => imported.startsWith('node:');
    expect(reachable(file).packages.filter((imported) => !isNode(imported) && !installed.includes(imported))).toEqual(
      [],
    );
  });

  it.each(entries)('name no type of ONNX Runtime: %s', (_entry, file) => {
    expect(reachable(file).packages.filter((imported) => imported.startsWith('onnxruntime'))).toEqual([]);
  });
});

it("what a model's author imports names contracts, and nothing of the gateway", () => {
  const { types } = manifestOf('server').exports['./model'] as { types: string };
  const { files, packages: named } = reachable(join(packages, 'server', types));
  expect(named).toEqual(['@portico/schemas', 'zod']);
  expect(files.map((file) => file.replace(/.*\/server\/dist\//, ''))).not.toContainEqual(
    expect.stringMatching(/^(http|dispatch|spawn|engine|config)\b/),
  );
});
