import { expect, it } from 'vitest';
import { loop } from '../../onnx/models.ts';
import { serveControlled, key } from '../../v2/support/control.ts';
import { datatypes, echo, plus } from '../../v2/support/files.ts';
import { repository } from '../../v2/support/repository.ts';
import { serve } from '../../v2/support/serve.ts';
import { checksOf } from '../python-checks.ts';

const files = {
  ...Object.fromEntries(Object.entries(datatypes).map(([datatype, type]) => [`${datatype}.onnx`, echo(type)])),
  'loop.onnx': loop(),
};

it('tritonclient works unchanged, synchronous and with asyncio', async ({ skip }) => {
  await using server = await serve(files);
  await server.ready();
  const checks = await checksOf(import.meta.dirname, 'interop.py', [`127.0.0.1:${server.port}`], skip);
  // Health, metadata, thirteen datatypes, four more; each in both forms, and the synchronous client's own way to wait.
  expect(checks).toHaveLength(2 * (2 + 13 + 4) + 1);
});

it('tritonclient reads configurations and statistics, and is told what there is not', async ({ skip }) => {
  await using server = await serve(files);
  await server.ready();
  const checks = await checksOf(import.meta.dirname, 'extensions.py', [`127.0.0.1:${server.port}`], skip);
  expect(checks).toHaveLength(2 * 6);
});

it('tritonclient loads, replaces and unloads models', async ({ skip }) => {
  using files = repository({ 'one.onnx': plus(1), 'ten.onnx': plus(10), 'broken.onnx': new Uint8Array(64) });
  await using server = await serveControlled({});
  const words = [`127.0.0.1:${server.port}`, key, server.folder, files.path];
  expect(await checksOf(import.meta.dirname, 'repository.py', words, skip)).toHaveLength(2 * 3);
});
