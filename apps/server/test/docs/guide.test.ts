import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import * as audio from '@portico/media/audio';
import * as image from '@portico/media/image';
import * as text from '@portico/media/text';
import * as model from '@portico/server/model';
import { defineTask, json, type Task } from '@portico/schemas';
import * as testing from '@portico/server/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const guide = read('docs/wrap-a-model.md');

describe('the guide to wrapping a model', () => {
  const programs = [...guide.matchAll(/^```ts\n\/\/ (\S+\.ts)\n(.*?)^```/gms)];

  it.each(programs.map(([, path = '', code = '']) => [path, code]))('shows %s of the example', (path, code) => {
    expect(code).toBe(read(`examples/digits/${path}`));
  });

  it('shows contract, registration and implementation', () => {
    expect(programs.map(([, path]) => path)).toEqual(['digits/contract.ts', 'digits/index.ts', 'digits/model.ts']);
  });

  it('shows a contract with warnings, and what its model returns', () => {
    const [, code = '', returned = ''] =
      /^### Warnings\n.*?^```ts\nexport const (.*?)^```\n\n`run` returns `(.*?)`,/ms.exec(guide) ?? [];
    const run = runInThisContext(
      `(defineTask, json, z, summary) => [${code.replace(/^summary = |;\n$/g, '')}, ${returned}]`,
    );
    const [task, output] = (run as (...all: unknown[]) => [Task, object])(defineTask, json, z, 'A summary.');
    expect(task.output.parse(output)).toEqual({
      summary: 'A summary.',
      warnings: [{ code: 'truncated', message: task.warnings?.['truncated'] }],
    });
  });

  it.each(Object.entries({ model, image, audio, text, testing }))(
    'names all that a model imports: %s',
    (_name, module) => {
      expect(Object.keys(module).filter((name) => !new RegExp(`\`${name}\\b`).test(guide))).toEqual([]);
    },
  );

  it('names no import that does not exist', () => {
    const [, imports = ''] = /^## What a model imports\n(.*?)^## /ms.exec(guide) ?? [];
    const cells = [...imports.matchAll(/^\| (`.*?) \| /gm)].map(([, cell = '']) => cell);
    const names = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)/g)]).map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(30);
    // It comes with `load`.
    const exported = new Set(['createSession', ...[model, image, audio, text, testing].flatMap(Object.keys)]);
    expect(names.filter((name) => !exported.has(name))).toEqual([]);
  });

  it('begins with the command that the README begins with', () => {
    const [command] = /^npx .*$/m.exec(guide) ?? [];
    expect(read('README.md')).toContain(`\n${command}\n`);
  });
});
