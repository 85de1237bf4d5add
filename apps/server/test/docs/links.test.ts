import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../../..');
const skipped = new Set(['node_modules', 'dist', '.git', '.turbo', 'released']);

/** Written by typedoc, with anchors of its own. */
const generated = join(root, 'docs/sdk/reference.md');

const pages = markdownIn(root).filter((page) => page !== generated);

it.each(pages.map((page) => relative(root, page)))('links in %s lead somewhere', (page) => {
  const path = join(root, page);
  const text = readFileSync(path, 'utf8').replaceAll(/^```.*?^```/gms, '');
  const targets = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  const broken = targets.filter((target) => {
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : join(dirname(path), file);
    if (!existsSync(linked)) return true;
    return anchor !== undefined && !(statSync(linked).isFile() && anchorsOf(linked).has(anchor));
  });
  expect(broken).toEqual([]);
});

function markdownIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : markdownIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Anchors as GitHub derives them from headings: lower case, no punctuation, hyphens for spaces, numbers for repetitions. */
function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of readFileSync(path, 'utf8').matchAll(/^#{1,6} (.+)$/gm)) {
    const name = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let anchor = name;
    for (let repetition = 1; anchors.has(anchor); repetition += 1) anchor = `${name}-${repetition}`;
    anchors.add(anchor);
  }
  return anchors;
}
