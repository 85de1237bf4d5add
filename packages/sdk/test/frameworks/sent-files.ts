import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Expects that no file of a built site, which browsers get, has this text in it. */
export function expectHidden(text: string, folder: string): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter((file) => readFileSync(file, 'latin1').includes(text))).toEqual([]);
}
