import type { Module } from './preset.ts';

/** The text of a module. `elsewhere` renames what it imports from. */
export function moduleText(
  { imports, body }: Module,
  elsewhere: (specifier: string, name: string) => string = (specifier) => specifier,
): string {
  const named = new Map<string, Set<string>>();
  for (const [specifier, names] of Object.entries(imports)) {
    for (const name of names) {
      const from = elsewhere(specifier, name.replace(/^type /, ''));
      named.set(from, (named.get(from) ?? new Set()).add(name));
    }
  }
  const lines = [...named]
    .sort(bySpecifier)
    .map(([specifier, names]) => importLine(specifier, [...names].sort(byName)));
  return `${lines.join('\n')}\n\n${body.trim()}\n`;
}

/** `default name` is the default export under that name; where every name is a type, so is the import. */
function importLine(specifier: string, names: readonly string[]): string {
  const preferred = names.find((name) => name.startsWith('default '))?.slice('default '.length);
  const others = names.filter((name) => !name.startsWith('default '));
  if (preferred === undefined && others.every((name) => name.startsWith('type '))) {
    return `import type { ${others.map((name) => name.slice('type '.length)).join(', ')} } from '${specifier}';`;
  }
  const braces = others.length > 0 ? [`{ ${others.join(', ')} }`] : [];
  return `import ${[...(preferred === undefined ? [] : [preferred]), ...braces].join(', ')} from '${specifier}';`;
}

/** Node's modules, packages, then the project's own. */
function bySpecifier([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  const rank = (specifier: string): number => (specifier.startsWith('node:') ? 0 : specifier.startsWith('.') ? 2 : 1);
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

function byName(one: string, other: string): number {
  const plain = (name: string): string => name.replace(/^type /, '').toLowerCase();
  return plain(one) < plain(other) ? -1 : 1;
}
