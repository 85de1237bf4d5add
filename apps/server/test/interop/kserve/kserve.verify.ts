import { expect, it } from 'vitest';
import { datatypes, echo } from '../../v2/support/files.ts';
import { serve } from '../../v2/support/serve.ts';
import { checksOf } from '../python-checks.ts';

it("KServe's client works unchanged, over both of its protocols", async ({ skip }) => {
  const files = Object.entries(datatypes).map(([datatype, type]) => [`${datatype}.onnx`, echo(type)]);
  await using server = await serve(Object.fromEntries(files) as Record<string, Uint8Array>);
  await server.ready();
  const checks = await checksOf(import.meta.dirname, 'interop.py', [server.url], skip);
  // Health, thirteen datatypes, two more; and the first protocol.
  expect(checks).toHaveLength(1 + 13 + 2 + 1);
});
