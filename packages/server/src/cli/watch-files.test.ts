import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { watchFiles } from './watch-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-watch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...path: string[]): string => join(folder, ...path);

it('changes of files are reported once they are over, in new folders too, but not those of packages and compiled code', async () => {
  for (const name of ['digit', 'node_modules', 'dist']) mkdirSync(at(name));
  const changes: string[] = [];
  const stop = watchFiles(folder, (paths) => changes.push([...paths].sort().join()));
  const change = (...path: string[]): void => writeFileSync(at(...path), String(changes.length));
  change('node_modules', 'x.js');
  change('dist', 'x.js');
  change('digit', 'model.ts');
  change('digit', 'model.ts');
  await expect.poll(() => changes).toEqual([at('digit', 'model.ts')]);

  mkdirSync(at('new'));
  await expect.poll(() => changes.at(-1)).toBe(at('new'));
  change('new', 'a.ts');
  change('new', 'b.ts');
  await expect.poll(() => changes.at(-1)).toBe([at('new', 'a.ts'), at('new', 'b.ts')].join());

  stop();
  const { length } = changes;
  change('digit', 'model.ts');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(changes).toHaveLength(length);
});
