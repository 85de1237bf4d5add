import { expect, it } from 'vitest';
import { echo, plus } from '../../v2/support/files.ts';
import { serve } from '../../v2/support/serve.ts';
import { checksOf } from '../python-checks.ts';

it("PyTriton's clients work unchanged", async ({ skip }) => {
  await using server = await serve({ 'plus.onnx': plus(1), 'BYTES.onnx': echo('string') });
  await server.ready();
  expect(await checksOf(import.meta.dirname, 'interop.py', [`127.0.0.1:${server.port}`], skip)).toHaveLength(5);
});
