import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { command, reference, referenceFile } from './reference.ts';

test("docs/sdk/reference.md is what TypeDoc makes of the SDK's declarations", async () => {
  const text = await reference();
  expect(text).toContain('### PorticoError');
  expect(text).toContain('createPortico');
  expect(readFileSync(referenceFile, 'utf8') === text, `docs/sdk/reference.md is out of date: ${command}`).toBe(true);
});
