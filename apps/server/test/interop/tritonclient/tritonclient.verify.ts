import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { loop } from '../../onnx/models.ts';
import { datatypes, echo } from '../../v2/support/files.ts';
import { serve } from '../../v2/support/serve.ts';
import { pythonEnvironment } from '../../harness/python-environment.ts';

const script = fileURLToPath(new URL('interop.py', import.meta.url));

interface Check {
  readonly name: string;
  readonly error: string | null;
}

it('tritonclient works unchanged, synchronous and with asyncio', async ({ skip }) => {
  const environment = await pythonEnvironment(fileURLToPath(new URL('requirements.txt', import.meta.url)));
  if ('missing' in environment) {
    process.stderr.write(`tritonclient was not run: ${environment.missing}\n`);
    skip(environment.missing);
    return;
  }
  const files = Object.entries(datatypes).map(([datatype, type]) => [`${datatype}.onnx`, echo(type)]);
  await using server = await serve({ ...Object.fromEntries(files), 'loop.onnx': loop() });
  await server.ready();
  const { stdout } = await promisify(execFile)(environment.python, [script, `127.0.0.1:${server.port}`], {
    timeout: 240_000,
  });
  const checks = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Check);
  expect(checks.filter(({ error }) => error !== null)).toEqual([]);
  // Health, metadata, thirteen datatypes, four more; each in both forms, and the synchronous client's own way to wait.
  expect(checks).toHaveLength(2 * (2 + 13 + 4) + 1);
});
