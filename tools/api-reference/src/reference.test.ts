import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { command, digestOfDeclarations, headOf, referenceFile } from './reference.ts';

test("docs/sdk/reference.md was written from the SDK's declarations as they are", () => {
  const [head] = readFileSync(referenceFile, 'utf8').split('\n');
  expect(head, `The SDK's interface or its doc comments have changed: ${command}`).toBe(headOf(digestOfDeclarations()));
});

test('the digest is of every declaration, wherever it lies, and of nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-digest-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'parts'));
  const digests = ['index.d.ts', 'parts/more.d.ts', 'index.js'].map((file) => {
    writeFileSync(join(folder, file), 'export {};');
    return digestOfDeclarations(folder);
  });
  expect(digests[0]).not.toBe(digests[1]);
  expect(digests[1]).toBe(digests[2]);
});
